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


def open_folder(path: str) -> pathlib.Path:
    """A folder that is made when it is missing; without the right to, Meilisearch names no path (upstream issue 3243)."""
    folder = pathlib.Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _startup(error) from error
    return folder


def _startup(error: OSError) -> Startup:
    return Startup(f'{error.strerror} (os error {error.errno})')


class Store:
    """Key records, indexes and tasks. Callers change what they find here, then call save."""

    def __init__(self, version: Version, path: str, upgrades_data: bool):
        self.folder = open_folder(path)
        self.file = self.folder / 'data.json'
        try:
            if version.marks_data:
                self._check(version, upgrades_data)
        except OSError as error:
            raise _startup(error) from error
        content = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.keys = content.get('keys', [])
        self.indexes = content.get('indexes', {})
        self.tasks = content.get('tasks', [])
        self.save()

    def _check(self, version: Version, upgrades_data: bool):
        """Target.md, section 4, "Which data a version opens"."""
        mark = self.folder / 'VERSION'
        if mark.exists():
            found = mark.read_text().strip()
            if not version.opens_data_of(found):
                why = version.not_upgraded(found) if upgrades_data else version.wrong_data(found)
                if why:
                    raise Startup(why)
        elif any(self.folder.iterdir()):
            raise Startup(version.unmarked_data())
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
