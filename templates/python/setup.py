# Stands before what the site is asked. The current folder is no part of Python's path when the program is standard input.
import json, os, sys
sys.path.insert(0, os.getcwd())
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')
def answer(value):
    print('\n@@' + json.dumps(value))
import django
django.setup()
