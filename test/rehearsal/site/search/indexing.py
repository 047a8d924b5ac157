from django.conf import settings

from blog.models import Post
from films.models import Film
from search import client
from training.models import Training

INDEX = 'studio'
PRIMARY_KEY = 'model_id'
INDEX_SETTINGS = {
    'searchableAttributes': ['title', 'text'],
    'filterableAttributes': ['model'],
    'sortableAttributes': ['timestamp'],
}


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
    client.create(index, PRIMARY_KEY)
    client.set_up(index, INDEX_SETTINGS)


def index_documents() -> int:
    found = list(documents())
    if found:
        client.add(settings.SEARCH_CLIENT.index(INDEX), found, PRIMARY_KEY)
    return len(found)
