"""What can be asked: method and path, the action that the key must allow, and the answer."""
import re

from failure import Failure, bad_request
from indexes import DEFAULT_SETTINGS, Indexes
from keys import Keys
from store import Store
from tasks import Tasks
from version import Version

INDEX = r'/indexes/([^/]+)'


class Routes:
    """Each route returns a status and a body; None as a body means that there is none."""

    def __init__(self, version: Version, store: Store, keys: Keys, indexes: Indexes, tasks: Tasks):
        self.version = version
        self.store = store
        self.keys = keys
        self.indexes = indexes
        self.tasks = tasks
        new = version.has_pages
        self.table = [
            ('GET', r'/health', None, lambda _: (200, {'status': 'available'})),
            ('GET', r'/version', 'version', self.get_version),
            ('GET', r'/stats', 'stats.get', self.get_stats),
            ('GET', r'/keys', 'keys.get', self.get_keys),
            ('GET', r'/indexes', 'indexes.get', self.get_indexes),
            ('POST', r'/indexes', 'indexes.create', self.create_index),
            ('GET', INDEX, 'indexes.get', lambda _, uid: (200, indexes.shown(uid))),
            ('PATCH' if new else 'PUT', INDEX, 'indexes.update', self.update_index),
            ('DELETE', INDEX, 'indexes.delete', self.delete_index),
            ('GET', INDEX + '/search', 'search', self.search),
            ('POST', INDEX + '/search', 'search', self.search),
            ('GET', INDEX + '/stats', 'stats.get', self.get_index_stats),
            ('GET', INDEX + '/documents', 'documents.get', self.get_documents),
            ('POST', INDEX + '/documents', 'documents.add', self.add_documents),
            ('PUT', INDEX + '/documents', 'documents.add', self.add_documents),
            ('DELETE', INDEX + '/documents', 'documents.delete', self.delete_documents),
            ('POST', INDEX + '/documents/delete-batch', 'documents.delete', self.delete_documents),
            ('GET', INDEX + '/documents/([^/]+)', 'documents.get', self.get_document),
            ('DELETE', INDEX + '/documents/([^/]+)', 'documents.delete', self.delete_documents),
            ('GET', INDEX + '/settings', 'settings.get', self.get_settings),
            ('PATCH' if new else 'POST', INDEX + '/settings', 'settings.update', self.update_settings),
            ('DELETE', INDEX + '/settings', 'settings.update', self.update_settings),
        ]
        for name in DEFAULT_SETTINGS:
            path = f'{INDEX}/settings/({re.sub("[A-Z]", lambda found: "-" + found.group().lower(), name)})'
            self.table += [
                ('GET', path, 'settings.get', self.get_settings),
                ('PUT' if new else 'POST', path, 'settings.update', self.update_settings),
                ('DELETE', path, 'settings.update', self.update_settings),
            ]
        if version.has_scoped_keys:
            self.table += [
                ('POST', r'/keys', 'keys.create', lambda request: (201, keys.create(request.json()))),
                ('GET', r'/keys/([^/]+)', 'keys.get', lambda _, name: (200, keys.one(name))),
                ('GET', r'/tasks', 'tasks.get', self.get_tasks),
                ('GET', r'/tasks/(\d+)', 'tasks.get', self.get_task),
            ]
        if new:
            self.table.append(('POST', r'/dumps', 'dumps.create', lambda _: (202, tasks.enqueue('dumpCreation', None))))
        if not new:
            name = 'tasks' if version.has_scoped_keys else 'updates'
            self.table += [
                ('GET', f'{INDEX}/{name}', 'tasks.get', self.get_tasks),
                ('GET', rf'{INDEX}/{name}/(\d+)', 'tasks.get', self.get_index_task),
            ]

    def answer(self, request) -> tuple:
        """Finds the route, asks for the key, and answers; raises Failure."""
        others = False
        for method, path, action, act in self.table:
            found = re.fullmatch(path, request.path)
            if found is None:
                continue
            others = True
            if method == request.method:
                if action is not None:
                    self.keys.authorize(request.headers, action)
                return act(request, *found.groups())
        return (405 if others else 404), None

    def get_keys(self, request):
        return 200, self.keys.listing(request.count('offset', 0), request.count('limit', 20))

    def get_version(self, _):
        number = self.version.number
        return 200, {'commitSha': 'unknown', 'commitDate': 'unknown', 'pkgVersion': number}

    def get_stats(self, _):
        indexes = {uid: self.get_index_stats(_, uid)[1] for uid in self.store.indexes}
        return 200, {'databaseSize': self.store.file.stat().st_size, 'lastUpdate': None, 'indexes': indexes}

    def get_index_stats(self, _, uid):
        count = len(self.indexes.find(uid)['documents'])
        busy = any('work' in task for task in self.tasks.of_index(uid))
        return 200, {'numberOfDocuments': count, 'isIndexing': busy, 'fieldDistribution': {}}

    def get_indexes(self, request):
        return 200, self._page(request, [self.indexes.shown(uid) for uid in self.store.indexes])

    def create_index(self, request):
        body = request.json()
        if not isinstance(body, dict) or not isinstance(body.get('uid'), str):
            raise bad_request('`uid` is missing.', 'missing_index_uid')
        uid, primary_key = body['uid'], body.get('primaryKey')
        if self.version.has_scoped_keys:
            return 202, self.tasks.enqueue('indexCreation', uid, primary_key=primary_key)
        self.indexes.create(uid, primary_key)
        self.store.save()
        return 201, self.indexes.shown(uid)

    def update_index(self, request, uid):
        primary_key = request.json().get('primaryKey')
        if self.version.has_scoped_keys:
            return 202, self.tasks.enqueue('indexUpdate', uid, primary_key=primary_key)
        self.indexes.set_primary_key(uid, primary_key)
        self.store.save()
        return 200, self.indexes.shown(uid)

    def delete_index(self, _, uid):
        if self.version.has_scoped_keys:
            return 202, self.tasks.enqueue('indexDeletion', uid)
        self.indexes.delete(uid)
        self.store.save()
        return 204, None

    def search(self, request, uid):
        asked = request.query if request.method == 'GET' else request.json() or {}
        if asked.get('filter'):
            raise bad_request('This stand-in knows no filters.', 'invalid_search_filter')
        query = asked.get('q') or ''
        if request.method == 'GET':
            offset, limit = request.count('offset', 0), request.count('limit', 20)
        else:
            offset, limit = asked.get('offset', 0), asked.get('limit', 20)
        found = self.indexes.search(uid, query)
        total = {'estimatedTotalHits': len(found)}
        if not self.version.has_pages:
            total = {'nbHits': len(found), 'exhaustiveNbHits': False}
        hits = found[offset : offset + limit]
        page = {'limit': limit, 'offset': offset, **total}
        return 200, {'hits': hits, 'query': query, 'processingTimeMs': 1, **page}

    def get_documents(self, request, uid):
        return 200, self._page(request, list(self.indexes.find(uid)['documents'].values()))

    def get_document(self, _, uid, identifier):
        return 200, self.indexes.document(uid, identifier)

    def add_documents(self, request, uid):
        documents = request.json()
        documents = [documents] if isinstance(documents, dict) else documents
        if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
            raise bad_request('Documents must come as a list of objects.', 'malformed_payload')
        return 202, self.tasks.enqueue(
            'documentAdditionOrUpdate',
            uid,
            documents=documents,
            primary_key=request.query.get('primaryKey'),
            keep_fields=request.method == 'PUT',
        )

    def delete_documents(self, request, uid, identifier=None):
        named = [identifier] if identifier else request.json() if request.method == 'POST' else None
        return 202, self.tasks.enqueue('documentDeletion', uid, identifiers=named)

    def get_settings(self, _, uid, name=None):
        settings = self.indexes.find(uid)['settings']
        return 200, settings[_camel(name)] if name else settings

    def update_settings(self, request, uid, name=None):
        if request.method == 'DELETE':
            changes = {_camel(name): None} if name else dict.fromkeys(DEFAULT_SETTINGS)
        else:
            changes = {_camel(name): request.json()} if name else request.json()
        if not isinstance(changes, dict):
            raise bad_request('Settings must come as an object.', 'malformed_payload')
        return 202, self.tasks.enqueue('settingsUpdate', uid, changes=changes)

    def get_tasks(self, request, uid=None):
        tasks = self.store.tasks if uid is None else self.tasks.of_index(uid)
        shown = [self.tasks.shown(task) for task in reversed(tasks)]
        if not self.version.has_scoped_keys:
            return 200, shown[::-1]
        if not self.version.has_pages:
            return 200, {'results': shown}
        limit = request.count('limit', 20)
        following = shown[limit]['uid'] if len(shown) > limit else None
        page = shown[:limit]
        return 200, {'results': page, 'limit': limit, 'from': page[0]['uid'] if page else None, 'next': following}

    def get_task(self, _, uid):
        if int(uid) >= len(self.store.tasks):
            raise Failure(404, 'task_not_found', f'Task `{uid}` not found.')
        return 200, self.tasks.shown(self.store.tasks[int(uid)])

    def get_index_task(self, _, index, number):
        name = 'uid' if self.version.has_scoped_keys else 'updateId'
        for task in self.tasks.of_index(index):
            if task[name] == int(number):
                return 200, self.tasks.shown(task)
        raise Failure(404, 'task_not_found', f'Task `{number}` not found.')

    def _page(self, request, items: list):
        if not self.version.has_pages:
            return items
        offset, limit = request.count('offset', 0), request.count('limit', 20)
        return {'results': items[offset : offset + limit], 'offset': offset, 'limit': limit, 'total': len(items)}


def _camel(path: str) -> str:
    first, *others = path.split('-')
    return first + ''.join(word.capitalize() for word in others)
