"""Indexes: documents, settings and search."""
import re

from failure import Failure, bad_request, document_missing, index_missing
from store import Store, now

DEFAULT_SETTINGS = {
    'displayedAttributes': ['*'],
    'searchableAttributes': ['*'],
    'filterableAttributes': [],
    'sortableAttributes': [],
    'rankingRules': ['words', 'typo', 'proximity', 'attribute', 'sort', 'exactness'],
    'stopWords': [],
    'synonyms': {},
    'distinctAttribute': None,
    'typoTolerance': {'enabled': True},
}
INDEX_UID = re.compile(r'[A-Za-z0-9_-]{1,400}')
DOCUMENT_ID = re.compile(r'[A-Za-z0-9_-]{1,511}')


class Indexes:
    def __init__(self, store: Store):
        self.store = store

    def find(self, uid: str) -> dict:
        if uid not in self.store.indexes:
            raise index_missing(uid)
        return self.store.indexes[uid]

    def shown(self, uid: str) -> dict:
        index = self.find(uid)
        return {name: index[name] for name in ('uid', 'createdAt', 'updatedAt', 'primaryKey')}

    def create(self, uid: str, primary_key):
        if not INDEX_UID.fullmatch(uid):
            raise bad_request(f'`{uid}` is not a valid index uid.', 'invalid_index_uid')
        if uid in self.store.indexes:
            raise Failure(409, 'index_already_exists', f'Index `{uid}` already exists.')
        at = now()
        self.store.indexes[uid] = {
            'uid': uid,
            'createdAt': at,
            'updatedAt': at,
            'primaryKey': primary_key,
            'settings': dict(DEFAULT_SETTINGS),
            'documents': {},
        }

    def delete(self, uid: str):
        self.find(uid)
        del self.store.indexes[uid]

    def set_primary_key(self, uid: str, primary_key: str):
        index = self.find(uid)
        if index['documents'] and index['primaryKey'] != primary_key:
            raise bad_request(f'Index `{uid}` has documents already.', 'index_primary_key_already_exists')
        index['primaryKey'] = primary_key

    def add_documents(self, uid: str, documents: list, primary_key, keep_fields: bool) -> int:
        """All of them or none. A document that is there already is replaced, or with keep_fields filled up."""
        if uid not in self.store.indexes:
            self.create(uid, primary_key)
        index = self.find(uid)
        name = index['primaryKey'] or primary_key or _guessed_primary_key(documents)
        identified = {_identifier(document, name): document for document in documents}
        for identifier, document in identified.items():
            known = index['documents'].get(identifier, {}) if keep_fields else {}
            index['documents'][identifier] = {**known, **document}
        index['primaryKey'] = name
        index['updatedAt'] = now()
        return len(documents)

    def document(self, uid: str, identifier: str) -> dict:
        documents = self.find(uid)['documents']
        if identifier not in documents:
            raise document_missing(identifier)
        return documents[identifier]

    def delete_documents(self, uid: str, identifiers) -> int:
        """Those named, or with None all."""
        documents = self.find(uid)['documents']
        named = list(documents) if identifiers is None else map(str, identifiers)
        return sum(documents.pop(identifier, None) is not None for identifier in named)

    def change_settings(self, uid: str, changes: dict):
        """None as a value brings the default back."""
        if uid not in self.store.indexes:
            self.create(uid, None)
        settings = self.find(uid)['settings']
        for name, value in changes.items():
            if name not in DEFAULT_SETTINGS:
                raise bad_request(f'Unknown field `{name}`')
            settings[name] = DEFAULT_SETTINGS[name] if value is None else value

    def search(self, uid: str, query: str) -> list:
        """Documents in which each word of the query begins some word of a searchable attribute."""
        index = self.find(uid)
        names = index['settings']['searchableAttributes']
        wanted = _words(query)

        def has_all(document: dict) -> bool:
            searched = [value for name, value in document.items() if '*' in names or name in names]
            found = [word for value in searched for word in _words(value)]
            return all(any(word.startswith(start) for word in found) for start in wanted)

        return [document for document in index['documents'].values() if has_all(document)]


def _words(value) -> list:
    return re.findall(r'\w+', str(value).lower())


def _guessed_primary_key(documents: list) -> str:
    candidates = [name for name in (documents[0] if documents else {}) if name.lower().endswith('id')]
    if not candidates:
        raise bad_request('No attribute ends in `id`: name the primary key.', 'primary_key_inference_failed')
    return candidates[0]


def _identifier(document: dict, primary_key: str) -> str:
    if primary_key not in document:
        raise bad_request(f'A document has no `{primary_key}`.', 'missing_document_id')
    identifier = str(document[primary_key])
    if not DOCUMENT_ID.fullmatch(identifier):
        raise bad_request(f'`{identifier}` is not a valid document id.', 'invalid_document_id')
    return identifier
