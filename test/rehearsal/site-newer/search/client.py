"""What depends on the version of the Meilisearch client that poetry.lock names: 0.22.0, for servers from 0.29 on."""
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
        wait_for(settings.SEARCH_CLIENT.create_index(index.uid, {'primaryKey': primary_key})['taskUid'])


def set_up(index, changes: dict):
    wait_for(index.update_settings(changes)['taskUid'])


def add(index, documents: list, primary_key: str):
    wait_for(index.add_documents(documents, primary_key).task_uid)


def wait_for(uid):
    """Meilisearch answers at once, and does the work later: a failure shows only in the task."""
    done = settings.SEARCH_CLIENT.wait_for_task(uid, timeout_in_ms=SECONDS_TO_WAIT * 1000)
    if done['status'] != 'succeeded':
        raise CommandError(f'Meilisearch task {uid} {done["status"]}: {done.get("error")}')
