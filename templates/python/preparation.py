# What takes long of all that the site is asked, once: Django with the site's settings, and what its checks import.
import gc, json, os, sys
# Each sweep goes through all that the imports have made, and finds nothing.
gc.disable()
sys.path.insert(0, os.getcwd())
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')
import django
django.setup()
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
    # Else the database writes into its log that it lost somebody.
    connections.close_all()
# What a fork does not change it shares.
gc.freeze()
