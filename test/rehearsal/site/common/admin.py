from django.contrib import admin

from common.models import CommandRun

admin.site.register(CommandRun, list_display=['name', 'at'])
