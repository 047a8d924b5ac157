from django.db import models


class Task(models.Model):
    """Something to do outside of a request: the path of a function, and what to call it with."""

    name = models.CharField(max_length=190)
    arguments = models.JSONField(default=dict)
    queued_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ['queued_at']
