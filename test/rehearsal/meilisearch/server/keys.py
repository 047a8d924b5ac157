"""API keys: their records stay in the data folder, their values follow from the master key."""
import hashlib
import hmac
import secrets
import string
import uuid

from failure import Failure, Startup
from store import Store, now
from version import Version

SHORTEST_MASTER_KEY = 16

SEARCH = ('Default Search API Key', 'For searches, from anywhere', ['search'])
ADMIN = ('Default Admin API Key', 'For everything: keep it on the server', ['*'])
READ_ONLY = ('Default Read-Only Admin API Key', 'For looking at everything', ['*.get', 'keys.get'])
CHAT = ('Default Chat API Key', 'For chats and searches', ['chatCompletions', 'search'])


def check_master_key(version: Version, master_key: str | None, env: str):
    """Raises Startup when the master key will not do in production (target.md, row "production master key")."""
    if env != 'production':
        return
    if not version.wants_long_master_key:
        if master_key is None:
            raise Startup('In production mode, the environment variable MEILI_MASTER_KEY is mandatory')
        return
    length = len((master_key or '').encode())
    if length >= SHORTEST_MASTER_KEY:
        return
    what = (
        f'The master key must be at least {SHORTEST_MASTER_KEY} bytes in a production environment. '
        f'The provided key is only {length} bytes.'
        if master_key
        else 'You must provide a master key to secure your instance in a production environment.'
    )
    fresh = f'>> --master-key {secrets.token_urlsafe(32)} <<'
    raise Startup(f'{what}\n\nWe generated a new secure master key for you (you can safely use this token):\n\n{fresh}')


class Keys:
    def __init__(self, version: Version, store: Store, master_key: str):
        self.version = version
        self.store = store
        self.master_key = master_key
        if version.has_scoped_keys and master_key and not store.keys:
            self._add_defaults()

    def _add_defaults(self):
        for name, description, actions in [ADMIN, SEARCH] + (
            [READ_ONLY, CHAT] if self.version.has_four_keys else []
        ):
            self._add(name, description, actions, ['*'])
        self.store.save()

    def _add(self, name, description, actions: list, indexes: list) -> dict:
        at = now()
        uid = str(uuid.uuid4()) if self.version.has_pages else _short_uid()
        record = {
            'name': name,
            'description': description if self.version.has_pages or name is None else f'{name} ({description})',
            'uid': uid,
            'actions': actions,
            'indexes': indexes,
            'expiresAt': None,
            'createdAt': at,
            'updatedAt': at,
        }
        # Newest first (target.md, row "GET /keys"): with twenty more the default ones stand on the second page
        self.store.keys.insert(0, record)
        return record

    def create(self, body) -> dict:
        """A key of the operator's own."""
        if not isinstance(body, dict) or not body.get('actions') or not body.get('indexes'):
            raise Failure(400, 'missing_parameter', '`actions` and `indexes` are mandatory.')
        record = self._add(body.get('name'), body.get('description'), body['actions'], body['indexes'])
        self.store.save()
        return self._shown(record)

    def value(self, uid: str) -> str:
        """The key itself. Another master key makes another value out of the same record."""
        if self.version.has_pages:
            return hmac.new(self.master_key.encode(), uid.encode(), hashlib.sha256).hexdigest()
        return uid + hashlib.sha256((uid + self.master_key).encode()).hexdigest()

    def pair(self) -> dict:
        """The two keys of the versions before 0.25."""
        def digest(name):
            return hashlib.sha256(f'{self.master_key}-{name}'.encode()).hexdigest()

        return {'private': digest('private'), 'public': digest('public')}

    def listing(self, offset: int, limit: int) -> dict:
        if not self.version.has_scoped_keys:
            return self.pair()
        results = [self._shown(record) for record in self.store.keys]
        if not self.version.has_pages:
            return {'results': results}
        page = results[offset : offset + limit]
        return {'results': page, 'offset': offset, 'limit': limit, 'total': len(results)}

    def one(self, uid_or_key: str) -> dict:
        for shown in map(self._shown, self.store.keys):
            if uid_or_key in (shown['key'], shown.get('uid')):
                return shown
        raise Failure(404, 'api_key_not_found', f'API key `{uid_or_key}` not found.')

    def _shown(self, record: dict) -> dict:
        shown = {**record, 'key': self.value(record['uid'])}
        if not self.version.has_pages:
            del shown['name'], shown['uid']
        return shown

    def authorize(self, headers, action: str):
        """Raises Failure unless the request's key may do it. Without a master key everybody may do everything."""
        if not self.master_key:
            if action.startswith('keys.'):
                raise Failure(401, 'missing_master_key', 'Meilisearch is running without a master key.')
            return
        given = self._given(headers)
        if given is None:
            raise Failure(
                401,
                'missing_authorization_header',
                'The Authorization header is missing: it takes a bearer token.'
                if self.version.has_scoped_keys
                else 'The X-Meili-API-Key header is missing.',
            )
        if not any(hmac.compare_digest(given.encode(), key.encode()) for key in self._allowing(action)):
            code = 'invalid_api_key' if self.version.has_scoped_keys else 'invalid_token'
            raise Failure(403, code, 'The provided API key is invalid.')

    def _given(self, headers):
        if not self.version.has_scoped_keys:
            return headers.get('X-Meili-API-Key')
        scheme, _, value = headers.get('Authorization', '').partition(' ')
        return value if scheme == 'Bearer' and value else None

    def _allowing(self, action: str):
        yield self.master_key
        if not self.version.has_scoped_keys:
            if action.startswith('keys.'):
                return
            yield self.pair()['private']
            if action == 'search':
                yield self.pair()['public']
            return
        for record in self.store.keys:
            if self._covers(record['actions'], action):
                yield self.value(record['uid'])

    def _covers(self, actions: list, action: str) -> bool:
        group, _, verb = action.partition('.')
        if group == 'keys':
            # Up to 0.27 only the master key may look at keys
            return self.version.has_pages and ('*' in actions or action in actions)
        return '*' in actions or action in actions or (f'*.{verb}' in actions and verb != '')


def _short_uid() -> str:
    return ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(8))
