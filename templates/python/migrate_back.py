# Takes back what was applied since an earlier state, with the code that applied it. values: applied, the migrations of the
# earlier state. Each app goes to the last migration that it had then.
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
before = set(values['applied'].split())
loader = MigrationLoader(connection)
keys = [tuple(key) for key in loader.applied_migrations]
for app in sorted({app for app, name in keys if '%s.%s' % (app, name) not in before}):
    had = {key for key in keys if key[0] == app and '%s.%s' % key in before}
    followed = {parent for key in had for parent in loader.graph.nodes[key].dependencies if parent[0] == app}
    last = sorted(had - followed)
    if len(last) > 1:
        raise SystemExit('%s has several last migrations: %s' % (app, ', '.join(name for _, name in last)))
    call_command('migrate', app, last[0][1] if last else 'zero', interactive=False, verbosity=1)
