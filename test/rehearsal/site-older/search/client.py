"""What depends on the version of the Meilisearch client that poetry.lock names: 0.17.0, for servers before 0.25."""
from django.conf import settings
from django.core.management.base import CommandError
from meilisearch.errors import MeiliSearchApiError

SECONDS_TO_WAIT = 30


def create(index, primary_key: str):
    try:
        index.fetch_info()
    except MeiliSearchApiError as error:
        if error.code != 'index_not_found':
            raise
        settings.SEARCH_CLIENT.create_index(index.uid, {'primaryKey': primary_key})


def set_up(index, changes: dict):
    wait_for(index, index.update_settings(changes))


def add(index, documents: list, primary_key: str):
    wait_for(index, index.add_documents(documents, primary_key))


def wait_for(index, update):
    """Each index counts its own updates, and a failure shows only in the update."""
    done = index.wait_for_pending_update(update['updateId'], timeout_in_ms=SECONDS_TO_WAIT * 1000)
    if done['status'] != 'processed':
        raise CommandError(f'Meilisearch update {update["updateId"]} {done["status"]}: {done.get("message")}')
