from django.contrib import admin

from films.models import Film

admin.site.register(Film, list_display=['title', 'published_at'])
