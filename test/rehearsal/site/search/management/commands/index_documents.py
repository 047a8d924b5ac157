from django.core.management.base import BaseCommand

from common.models import CommandRun
from search import indexing


class Command(BaseCommand):
    help = 'Hands everything that can be found to the search engine.'

    def handle(self, *args, **options):
        count = indexing.index_documents()
        CommandRun.objects.create(name='index_documents')
        self.stdout.write(f'{count} documents indexed')
