"""Dumps: all that a server holds, in one file that a later version reads.

Words and order: meilisearch/specifications, text/0105-dumps-api.md. From 0.28 on making one is a task (docs of Meilisearch,
"Exporting and importing dumps"); how versions before made theirs is not stood in for.
"""
import datetime
import json
import pathlib
import uuid

from failure import Failure, Startup
from store import Store
from version import Version


def make(version: Version, store: Store, folder: str) -> str:
    """Writes a dump, and returns its uid, which is the name of the file without its ending."""
    uid = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%d-%H%M%S%f')[:-3]
    content = {'version': version.number, 'keys': store.keys, 'indexes': store.indexes}
    try:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        (pathlib.Path(folder) / f'{uid}.dump').write_text(json.dumps(content))
    except OSError as error:
        raise Failure(500, 'internal', f'{error.strerror} (os error {error.errno})') from error
    return uid


def opened(version: Version, file: str | None, db_path: str) -> dict | None:
    """What is in the dump that the data is to begin with; raises Startup."""
    if file is None:
        return None
    folder = pathlib.Path(db_path)
    if folder.exists() and any(folder.iterdir()):
        raise Startup(f'database already exists at "{db_path}", try to delete it or rename it')
    if not pathlib.Path(file).exists():
        raise Startup(f'dump doesn\'t exist at "{file}"')
    content = json.loads(pathlib.Path(file).read_text())
    if Version(content['version']).triple > version.triple:
        raise Startup('The dump was made by a later version.')
    return content


def load(version: Version, store: Store, content: dict):
    """Key records of versions before 0.28 get new uids (target.md), so that all their values change."""
    store.keys = content['keys']
    store.indexes = content['indexes']
    if version.has_pages and not Version(content['version']).has_pages:
        for record in store.keys:
            record['uid'] = str(uuid.uuid4())
    store.save()
