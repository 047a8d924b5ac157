# Says which migrations this code would apply, which it would take back to come to an earlier state, which of either have no
# way back, and between which of either code of the one state does not work with tables of the other. values: applied, the
# migrations of the earlier state.
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
loader = executor.loader
before = set(values['applied'].split())
def named(key):
    return '%s.%s' % (key[0], key[1])
def lasting(key):
    migration = loader.graph.nodes.get(key)
    return migration is None or not all(operation.reversible for operation in migration.operations)
# Code that knows nothing of these goes on with the tables: they add to them, or make no difference there.
ADDITIVE = ('CreateModel', 'AddIndex', 'RemoveIndex', 'AlterModelOptions', 'AlterModelManagers', 'RunPython', 'RunSQL')
def silent(operation, app, state):
    # What only Django knows of a field, its help text say, is no change of a table: then nothing would be told to the database.
    after = state.clone()
    operation.state_forwards(app, after)
    with connection.schema_editor(collect_sql=True) as editor:
        operation.database_forwards(app, editor, state, after)
    return not [line for line in editor.collected_sql if not line.startswith('--')]
def suits(operation, app, state):
    if isinstance(operation, operations.AddField):
        field = operation.field
        # A column that must have a value gets none from code that does not know it.
        return field.many_to_many or field.null or getattr(field, 'db_default', models.NOT_PROVIDED) is not models.NOT_PROVIDED
    return type(operation).__name__ in ADDITIVE or silent(operation, app, state)
def disruptive(key):
    try:
        migration = loader.graph.nodes[key]
        state = loader.graph.make_state(nodes=[key], at_end=False, real_apps=loader.unmigrated_apps)
        for operation in migration.operations:
            if not suits(operation, key[0], state):
                return True
            operation.state_forwards(key[0], state)
        return False
    except Exception:
        # Who can't tell takes no chance.
        return True
planned = [(m.app_label, m.name) for m, backwards in executor.migration_plan(loader.graph.leaf_nodes())]
since = [tuple(key) for key in loader.applied_migrations if named(key) not in before]
answer({
    'planned': [named(key) for key in planned],
    'since': sorted(named(key) for key in since),
    'lasting': sorted(named(key) for key in planned + since if lasting(key)),
    'disruptive': sorted(named(key) for key in planned + since if disruptive(key)),
})
