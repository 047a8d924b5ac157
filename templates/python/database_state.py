# Says how large the database is, and what migrations it has: by its own record, whatever the code knows of them.
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
with connection.cursor() as cursor:
    cursor.execute('SELECT pg_database_size(current_database())')
    (size,) = cursor.fetchone()
applied = sorted('%s.%s' % tuple(each) for each in MigrationRecorder(connection).applied_migrations())
answer({'bytes': size, 'applied': applied})
