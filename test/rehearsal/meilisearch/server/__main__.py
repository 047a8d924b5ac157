"""Stand-in for the Meilisearch program: the same options, keys, answers and refusals, version by version."""
import os
import signal
import sys
import threading
import time

import version as release
from failure import Startup
from indexes import Indexes
from keys import Keys, check_master_key
from options import Options, read
from routes import Routes
from store import Store
from tasks import Tasks
from version import Version
from web import make_server

SECONDS_TO_START = 0.4


def build(version: Version, options: Options):
    """Opens the data folder and the port; raises Startup."""
    check_master_key(version, options.master_key, options.env)
    store = Store(version, options.db_path)
    lock = threading.RLock()
    indexes = Indexes(store)
    tasks = Tasks(version, store, indexes, lock)
    routes = Routes(version, store, Keys(version, store, options.master_key), indexes, tasks)
    time.sleep(SECONDS_TO_START)
    try:
        server = make_server(version, routes, lock, options.host, options.port)
    except OSError as error:
        raise Startup(f'{error.strerror} (os error {error.errno})') from error
    threading.Thread(target=tasks.work, daemon=True).start()
    return server


def main():
    version = Version(release.NUMBER)
    options = read(version, sys.argv[1:], os.environ)
    try:
        server = build(version, options)
    except Startup as reason:
        print(f'Error: {reason}', file=sys.stderr)
        sys.exit(1)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
    print(f'Environment: {options.env}', file=sys.stderr)
    print(f'Server listening on: http://{options.host}:{server.server_port}', file=sys.stderr, flush=True)
    server.serve_forever(poll_interval=0.1)


main()
