from django.contrib import admin

from training.models import Training

admin.site.register(Training, list_display=['title', 'published_at'])
