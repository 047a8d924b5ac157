from django.db import models


class CommandRun(models.Model):
    """One row for each time that a management command did its work: what a periodic task leaves behind."""

    name = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ['-at']

    def __str__(self):
        return f'{self.name} at {self.at:%Y-%m-%d %H:%M:%S}'
