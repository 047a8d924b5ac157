# Copies the static files of this checkout to where the site's own are served from. values: root, its folder; empty where
# they go to another host.
from django.conf import settings
if values['root']:
    settings.STATIC_ROOT = values['root']
from django.core.management import call_command
call_command('collectstatic', interactive=False, verbosity=0)
