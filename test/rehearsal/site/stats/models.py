from django.db import models


class Statistic(models.Model):
    name = models.CharField(max_length=100)
    value = models.IntegerField()
    at = models.DateTimeField(auto_now_add=True)
