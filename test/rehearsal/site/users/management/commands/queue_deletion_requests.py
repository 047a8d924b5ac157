from django.core.management.base import BaseCommand
from django.utils import timezone

from background_task.models import Task
from common.models import CommandRun
from users.models import DeletionRequest


class Command(BaseCommand):
    help = 'Queues the deletion of accounts whose owners asked for it.'

    def handle(self, *args, **options):
        for request in DeletionRequest.objects.filter(queued_at=None):
            Task.objects.create(name='users.tasks.delete_account', arguments={'user_id': request.user_id})
            request.queued_at = timezone.now()
            request.save()
        CommandRun.objects.create(name='queue_deletion_requests')
