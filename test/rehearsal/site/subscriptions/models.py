from django.conf import settings
from django.db import models


class Subscription(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    status = models.CharField(
        max_length=20, default='active', choices=[(s, s) for s in ('active', 'on-hold', 'cancelled')]
    )
    interval_months = models.PositiveIntegerField(default=1)
    next_payment = models.DateTimeField()
