from django.conf import settings
from django.core.management.base import CommandError
from meilisearch.errors import MeiliSearchApiError

from blog.models import Post
from films.models import Film
from training.models import Training

INDEX = 'studio'
PRIMARY_KEY = 'model_id'
INDEX_SETTINGS = {
    'searchableAttributes': ['title', 'text'],
    'filterableAttributes': ['model'],
    'sortableAttributes': ['timestamp'],
}
SECONDS_TO_WAIT = 30


def documents():
    """What can be found, as the search engine stores it."""
    for model, text in ((Film, 'description'), (Post, 'content'), (Training, 'summary')):
        name = model._meta.model_name
        for found in model.objects.all():
            yield {
                PRIMARY_KEY: f'{name}_{found.pk}',
                'model': name,
                'title': found.title,
                'text': getattr(found, text),
                'timestamp': found.published_at.timestamp(),
            }


def create_index():
    """Makes the index when it is missing, and sets it up either way."""
    index = settings.SEARCH_CLIENT.index(INDEX)
    try:
        index.fetch_info()
    except MeiliSearchApiError as error:
        if error.code != 'index_not_found':
            raise
        wait_for(settings.SEARCH_CLIENT.create_index(INDEX, {'primaryKey': PRIMARY_KEY}))
    wait_for(set_up(index))


def set_up(index):
    try:
        return index.update_settings(INDEX_SETTINGS)
    except MeiliSearchApiError as error:
        # From Meilisearch 0.28 on this is a PATCH, which the locked client does not know yet
        if error.status_code != 405:
            raise
        return index.http.patch(f'indexes/{index.uid}/settings', INDEX_SETTINGS)


def index_documents() -> int:
    found = list(documents())
    if found:
        wait_for(settings.SEARCH_CLIENT.index(INDEX).add_documents(found, PRIMARY_KEY))
    return len(found)


def wait_for(task):
    """Meilisearch answers at once, and does the work later: a failure shows only in the task."""
    uid = task['uid'] if 'uid' in task else task['taskUid']
    done = settings.SEARCH_CLIENT.wait_for_task(uid, timeout_in_ms=SECONDS_TO_WAIT * 1000)
    if done['status'] != 'succeeded':
        raise CommandError(f'Meilisearch task {uid} {done["status"]}: {done.get("error")}')
