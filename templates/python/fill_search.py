# The site fills the indexes of another Meilisearch than the one that it searches in. values: address, and key, its private key.
import meilisearch
from django.conf import settings
settings.MEILISEARCH_API_ADDRESS = values['address']
settings.MEILISEARCH_PRIVATE_KEY = values['key']
settings.SEARCH_CLIENT = meilisearch.Client(values['address'], values['key'])
from django.core.management import call_command
call_command('create_search_indexes')
call_command('index_documents')
