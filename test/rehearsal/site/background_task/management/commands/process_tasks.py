import signal
import threading

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from background_task.models import Task
from common.models import CommandRun

SECONDS_BETWEEN_LOOKS = 2


class Command(BaseCommand):
    help = 'Works through the queue of tasks until it is told to end.'

    def handle(self, *args, **options):
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        CommandRun.objects.create(name='process_tasks')
        while not ended.is_set():
            if not self._work_on_one():
                ended.wait(SECONDS_BETWEEN_LOOKS)

    def _work_on_one(self) -> bool:
        with transaction.atomic():
            task = Task.objects.select_for_update(skip_locked=True).filter(done_at=None).first()
            if task is None:
                return False
            try:
                with transaction.atomic():
                    import_string(task.name)(**task.arguments)
            except Exception as error:
                task.error = repr(error)
                self.stderr.write(f'{task.name}: {error!r}')
            task.done_at = timezone.now()
            task.save()
            return True
