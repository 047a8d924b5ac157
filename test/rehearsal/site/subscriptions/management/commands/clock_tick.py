import braintree
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from studio_private.money import as_money
from studio_private.subscriptions import next_payment

from common.models import CommandRun
from common.views import MONTHLY_PRICE_CENTS
from subscriptions.models import Subscription


class Command(BaseCommand):
    help = 'Collects what is due, and puts subscriptions on hold whose time of grace is over.'

    def handle(self, *args, **options):
        gateway = self._gateway()
        price = as_money(MONTHLY_PRICE_CENTS, 'EUR', settings.LOOPER_MONEY_LOCALE)
        if options['verbosity'] > 1:
            self.stdout.write(f'Collecting {price} a month through {gateway.config.base_url()}')
        now = timezone.now()
        for subscription in Subscription.objects.filter(status='active', next_payment__lte=now):
            if subscription.next_payment + settings.SUBSCRIPTION_GRACE_PERIOD < now:
                subscription.status = 'on-hold'
            else:
                subscription.next_payment = next_payment(
                    subscription.next_payment, subscription.interval_months
                )
            subscription.save()
        CommandRun.objects.create(name='clock_tick')

    @staticmethod
    def _gateway():
        ours = settings.GATEWAYS['braintree']
        return braintree.BraintreeGateway(
            braintree.Configuration(
                environment=ours['environment'],
                merchant_id=ours['merchant_id'],
                public_key=ours['public_key'],
                private_key=ours['private_key'],
            )
        )
