# What takes long besides of all that the site is asked: what its checks import.
import gc
from django.db import connections
for name in ('django.core.checks', 'django.db.migrations.executor', 'django.contrib.staticfiles.finders'):
    try:
        __import__(name)
    except Exception:
        pass
try:
    from django.urls import get_resolver
    get_resolver().url_patterns
except Exception:
    # The checks say so themselves.
    pass
def finish():
    # Else the database writes into its log that a connection was lost.
    connections.close_all()
# What a fork does not change it shares.
gc.freeze()
