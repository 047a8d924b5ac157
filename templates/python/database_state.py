# Says how large the database is, what migrations it has, by its own record, whatever the code knows of them, and how many rows
# PostgreSQL counted as written in each table since its counters began.
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
with connection.cursor() as cursor:
    cursor.execute('SELECT pg_database_size(current_database())')
    (size,) = cursor.fetchone()
    cursor.execute('SELECT relname, relid::bigint, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables')
    writes = {name: [table, rows] for name, table, rows in cursor.fetchall()}
applied = sorted('%s.%s' % tuple(each) for each in MigrationRecorder(connection).applied_migrations())
answer({'bytes': size, 'applied': applied, 'writes': writes})
