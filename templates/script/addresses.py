"""Prints where the site's settings have static files and uploads: STATIC_URL, STATIC_ROOT, MEDIA_URL, MEDIA_ROOT, a line each."""
import os
import sys

sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
from django.conf import settings

for url, root in ((settings.STATIC_URL, settings.STATIC_ROOT), (settings.MEDIA_URL, settings.MEDIA_ROOT)):
    print(url, os.path.abspath(str(root)) if root else "", sep="\n")
