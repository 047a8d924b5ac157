"""From the options to a server that answers."""
import sys
import threading
import time

import dumps
from failure import Startup
from indexes import Indexes
from keys import Keys, check_master_key
from options import Options
from routes import Routes
from store import Store, open_folder
from tasks import Tasks
from version import Version
from web import make_server

SECONDS_TO_START = 0.4
#: "Server listening" is printed before the port is bound (target.md): who trusts the words is refused
SECONDS_TO_BIND = 0.1


def build(version: Version, options: Options):
    """Opens the data folder and the port; raises Startup."""
    check_master_key(version, options.master_key, options.env)
    if version.makes_dumps_folder:
        open_folder(options.dumps)
    dump = dumps.opened(version, options.import_dump, options.db_path)
    store = Store(version, options.db_path, options.upgrades_data)
    if dump is not None:
        dumps.load(version, store, dump)
    lock = threading.RLock()
    indexes = Indexes(store)
    tasks = Tasks(version, store, indexes, lock, options.dumps)
    routes = Routes(version, store, Keys(version, store, options.master_key or ''), indexes, tasks)
    time.sleep(SECONDS_TO_START)
    print(f'Environment:\t\t"{options.env}"', file=sys.stderr)
    print(f'Server listening on:\t"http://{options.host}:{options.port}"', file=sys.stderr, flush=True)
    time.sleep(SECONDS_TO_BIND)
    try:
        server = make_server(version, routes, lock, options.host, options.port)
    except OSError as error:
        raise Startup(f'{error.strerror} (os error {error.errno})') from error
    threading.Thread(target=tasks.work, daemon=True).start()
    return server


def serve(version: Version, options: Options):
    """Serves until a signal ends the process; ends it with what is wrong where it can't begin."""
    try:
        server = build(version, options)
    except Startup as reason:
        print(f'Error: {reason}', file=sys.stderr)
        sys.exit(1)
    # SIGTERM ends it by the signal (target.md): Python leaves that one alone.
    server.serve_forever(poll_interval=0.1)
