from django.contrib.sessions.management.commands import clearsessions

from common.models import CommandRun


class Command(clearsessions.Command):
    def handle(self, **options):
        super().handle(**options)
        CommandRun.objects.create(name='clearsessions')
