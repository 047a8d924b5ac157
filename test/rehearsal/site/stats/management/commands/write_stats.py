from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from common.models import CommandRun
from films.models import Film
from stats.models import Statistic
from subscriptions.models import Subscription


class Command(BaseCommand):
    help = 'Calculates and stores the numbers of today.'

    def handle(self, *args, **options):
        numbers = {
            'users': get_user_model().objects.count(),
            'active_subscriptions': Subscription.objects.filter(status='active').count(),
            'films': Film.objects.count(),
        }
        for name, value in numbers.items():
            Statistic.objects.create(name=name, value=value)
            if options['verbosity'] > 1:
                self.stdout.write(f'{name}: {value}')
        CommandRun.objects.create(name='write_stats')
