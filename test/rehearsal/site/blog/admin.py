from django.contrib import admin

from blog.models import Post

admin.site.register(Post, list_display=['title', 'published_at'])
