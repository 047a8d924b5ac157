"""The data folder: one version's, and complete on disk at any moment."""
import datetime
import json
import os
import pathlib
import tempfile

from failure import Startup
from version import Version


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%fZ')


class Store:
    """Key records, indexes and tasks. Callers change what they find here, then call save."""

    def __init__(self, version: Version, path: str):
        self.folder = pathlib.Path(path)
        self.file = self.folder / 'data.json'
        try:
            self._open(version)
        except OSError as error:
            raise Startup(f'{path}: {error.strerror} (os error {error.errno})') from error
        content = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.keys = content.get('keys', [])
        self.indexes = content.get('indexes', {})
        self.tasks = content.get('tasks', [])
        self.save()

    def _open(self, version: Version):
        mark = self.folder / 'VERSION'
        self.folder.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            found = mark.read_text().strip()
            if not version.opens_data_of(found):
                raise Startup(
                    f'The database version ({found}) is incompatible with this engine version ({version.number}): '
                    'make a dump with the old one, and import it with this one.'
                )
        elif any(self.folder.iterdir()):
            raise Startup(
                f'{self.folder} is not empty and has no VERSION file: it is not a database of this version.'
            )
        self._write(mark, version.number)

    def save(self):
        self._write(
            self.file, json.dumps({'keys': self.keys, 'indexes': self.indexes, 'tasks': self.tasks})
        )

    def _write(self, file: pathlib.Path, text: str):
        """Whole or not at all, and still there after a power cut."""
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=f'.{file.name}.')
        with os.fdopen(handle, 'w') as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
