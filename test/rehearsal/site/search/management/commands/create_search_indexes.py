from django.core.management.base import BaseCommand

from common.models import CommandRun
from search import indexing


class Command(BaseCommand):
    help = 'Makes the search indexes, and sets them up.'

    def handle(self, *args, **options):
        indexing.create_index()
        CommandRun.objects.create(name='create_search_indexes')
        self.stdout.write(f'Index {indexing.INDEX!r} is ready')
