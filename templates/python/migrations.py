# Says which migrations this code would apply, which it would take back to come to an earlier state, and which of either
# have no way back. values: applied, the migrations of the earlier state.
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
loader = executor.loader
before = set(values['applied'].split())
def named(key):
    return '%s.%s' % (key[0], key[1])
def lasting(key):
    migration = loader.graph.nodes.get(key)
    return migration is None or not all(operation.reversible for operation in migration.operations)
planned = [(m.app_label, m.name) for m, backwards in executor.migration_plan(loader.graph.leaf_nodes())]
since = [tuple(key) for key in loader.applied_migrations if named(key) not in before]
answer({
    'planned': [named(key) for key in planned],
    'since': sorted(named(key) for key in since),
    'lasting': sorted(named(key) for key in planned + since if lasting(key)),
})
