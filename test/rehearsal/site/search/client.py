"""What depends on the version of the Meilisearch client that poetry.lock names: 0.18.3."""
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
        wait_for(settings.SEARCH_CLIENT.create_index(index.uid, {'primaryKey': primary_key}))


def set_up(index, changes: dict):
    try:
        wait_for(index.update_settings(changes))
    except MeiliSearchApiError as error:
        # From Meilisearch 0.28 on this is a PATCH, which the locked client does not know yet
        if error.status_code != 405:
            raise
        wait_for(index.http.patch(f'indexes/{index.uid}/settings', changes))


def add(index, documents: list, primary_key: str):
    wait_for(index.add_documents(documents, primary_key))


def wait_for(task):
    """Meilisearch answers at once, and does the work later: a failure shows only in the task."""
    uid = task['uid'] if 'uid' in task else task['taskUid']
    done = settings.SEARCH_CLIENT.wait_for_task(uid, timeout_in_ms=SECONDS_TO_WAIT * 1000)
    if done['status'] != 'succeeded':
        raise CommandError(f'Meilisearch task {uid} {done["status"]}: {done.get("error")}')
