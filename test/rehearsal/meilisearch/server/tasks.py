"""Work that is answered at once and done a moment later, in order, one at a time."""
import datetime
import threading
import time

import dumps
from failure import Failure
from indexes import Indexes
from store import Store, now
from version import Version

SECONDS_OF_WORK = 0.05
OLD_NAMES = {
    'documentAdditionOrUpdate': ('documentAddition', 'DocumentsAddition'),
    'documentDeletion': ('documentDeletion', 'DocumentsDeletion'),
    'settingsUpdate': ('settingsUpdate', 'Settings'),
}
SHOWN = ('uid', 'indexUid', 'status', 'details', 'enqueuedAt', 'startedAt', 'finishedAt')


class Tasks:
    def __init__(self, version: Version, store: Store, indexes: Indexes, lock: threading.RLock, dumps_folder: str):
        self.version = version
        self.store = store
        self.indexes = indexes
        self.lock = lock
        self.dumps_folder = dumps_folder
        self.something_to_do = threading.Event()
        self.something_to_do.set()

    def enqueue(self, kind: str, index: str | None, **work) -> dict:
        """Notes what is to be done, on disk too, and returns what the request is answered with."""
        task = {
            'uid': len(self.store.tasks),
            'indexUid': index,
            'type': kind,
            'status': 'enqueued',
            'details': None,
            'enqueuedAt': now(),
            'work': work,
        }
        # Before 0.25 each index counts for itself
        task['updateId'] = len(self.of_index(index))
        self.store.tasks.append(task)
        self.store.save()
        self.something_to_do.set()
        return self.summary(task)

    def of_index(self, index: str) -> list:
        return [task for task in self.store.tasks if task['indexUid'] == index]

    def summary(self, task: dict) -> dict:
        if not self.version.has_scoped_keys:
            return {'updateId': task['updateId']}
        uid = 'taskUid' if self.version.has_pages else 'uid'
        return {
            uid: task['uid'],
            'indexUid': task['indexUid'],
            'status': 'enqueued',
            'type': self._type(task),
            'enqueuedAt': task['enqueuedAt'],
        }

    def shown(self, task: dict) -> dict:
        if not self.version.has_scoped_keys:
            status = {'succeeded': 'processed'}.get(task['status'], task['status'])
            shown = {'status': status, 'updateId': task['updateId'], 'type': {'name': self._type(task)}}
            return {**shown, **(task.get('error') or {}), 'enqueuedAt': task['enqueuedAt']}
        shown = {name: task.get(name) for name in SHOWN}
        shown['type'] = self._type(task)
        shown['duration'] = task.get('duration')
        if self.version.has_pages or task.get('error'):
            shown['error'] = task.get('error')
        return shown

    def _type(self, task: dict) -> str:
        kind = task['type']
        if self.version.has_pages:
            return kind
        return OLD_NAMES.get(kind, (kind, kind))[0 if self.version.has_scoped_keys else 1]

    def work(self):
        """Never returns: a thread of its own runs this. What an earlier process left undone comes first."""
        while True:
            self.something_to_do.wait()
            self.something_to_do.clear()
            for task in [task for task in self.store.tasks if 'work' in task]:
                self._work_on(task)

    def _work_on(self, task: dict):
        started = datetime.datetime.now()
        with self.lock:
            task.update(status='processing', startedAt=now())
        time.sleep(SECONDS_OF_WORK)
        with self.lock:
            try:
                task['details'] = self._do(task)
                task['status'] = 'succeeded'
            except Failure as failure:
                task['error'] = failure.body()
                task['status'] = 'failed'
            seconds = (datetime.datetime.now() - started).total_seconds()
            task.update(finishedAt=now(), duration=f'PT{seconds:.6f}S')
            del task['work']
            self.store.save()

    def _do(self, task: dict):
        index, work = task['indexUid'], task['work']
        if task['type'] == 'dumpCreation':
            return {'dumpUid': dumps.make(self.version, self.store, self.dumps_folder)}
        if task['type'] == 'indexCreation':
            self.indexes.create(index, work['primary_key'])
            return {'primaryKey': work['primary_key']}
        if task['type'] == 'indexUpdate':
            self.indexes.set_primary_key(index, work['primary_key'])
            return {'primaryKey': work['primary_key']}
        if task['type'] == 'indexDeletion':
            self.indexes.delete(index)
            return None
        if task['type'] == 'documentAdditionOrUpdate':
            count = self.indexes.add_documents(index, work['documents'], work['primary_key'], work['keep_fields'])
            return {'receivedDocuments': count, 'indexedDocuments': count}
        if task['type'] == 'documentDeletion':
            return {'deletedDocuments': self.indexes.delete_documents(index, work['identifiers'])}
        self.indexes.change_settings(index, work['changes'])
        return work['changes']
