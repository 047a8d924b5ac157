# Runs PREPARATION, and then forks itself for each program that it is sent: what the preparation imported is there already.
# The socket that is file descriptor 3 brings requests, each a line of JSON, {"id": 1, "bytes": 12}, and that many bytes of
# program. Each is answered with {"id", "running"} when the program runs, and with {"id", "code", "stdout", "stderr"} when it has
# ended; or with {"id", "refused": why} where it is to be run otherwise. Ends, with what runs, when the socket does, and when
# nothing was asked for a while.
import json, os, select, signal, sys, time, traceback

SOCKET, IDLE_SECONDS, LARGEST = 3, 60, 8 * 1024 * 1024

def time_of(path):
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None

def files_in(folder):
    # Modules and what was installed; no __pycache__.
    try:
        return {name for name in os.listdir(folder) if '.' in name}
    except OSError:
        return None

def changed():
    return (any(time_of(path) != then for path, then in loaded.items())
            or any(files_in(folder) != then for folder, then in searched.items()))

def answer(**fields):
    data = json.dumps(fields).encode() + b'\n'
    while data:
        data = data[os.write(SOCKET, data):]

def fork(program):
    out, err = os.memfd_create('stdout'), os.memfd_create('stderr')
    pid = os.fork()
    if pid:
        return pid, out, err
    code = 1
    try:
        os.close(SOCKET)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(out, 1)
        os.dup2(err, 2)
        try:
            exec(compile(program, '<stdin>', 'exec'), {'__name__': '__main__'})
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            if code == 1 and not isinstance(end.code, int):
                print(end.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Nothing of what the parent still has to do at its end.
        os._exit(code & 0xff)

def text(descriptor):
    size = os.fstat(descriptor).st_size
    data = os.pread(descriptor, LARGEST, max(0, size - LARGEST))
    os.close(descriptor)
    return data.decode(errors='replace')

def end(running):
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    # Without what the preparation wants to do at the end, such as to wait for a thread.
    os._exit(0)

began = time.time_ns()
unfit = None
os.set_inheritable(SOCKET, False)
try:
    exec(compile(PREPARATION, '<preparation>', 'exec'), {'__name__': '__main__'})
    # A thread is not forked, and what it had locked stays locked for ever.
    if len(os.listdir('/proc/self/task')) > 1:
        unfit = 'threads'
except BaseException:
    unfit = 'failed'
files = {getattr(module, '__file__', None) for module in list(sys.modules.values())} - {None}
loaded = {path: time_of(path) for path in files}
searched = {folder: files_in(folder) for folder in {os.path.dirname(path) for path in files}.union(sys.path) if folder}
# What changed since it began may have been read before. The times of files come from a clock that runs some milliseconds behind.
if unfit is None and any(then is not None and then > began - 20_000_000 for then in loaded.values()):
    unfit = 'stale'

woken, wake = os.pipe()
os.set_blocking(wake, False)
signal.signal(signal.SIGCHLD, lambda *_: None)
signal.set_wakeup_fd(wake)
received, running = b'', {}
while True:
    ready, _, _ = select.select([SOCKET, woken], [], [], None if running else IDLE_SECONDS)
    if not ready:
        end(running)
    if woken in ready:
        os.read(woken, 4096)
        for pid, (number, out, err) in list(running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del running[pid]
                code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
                answer(id=number, code=code, stdout=text(out), stderr=text(err))
    if SOCKET not in ready:
        continue
    data = os.read(SOCKET, 65536)
    if not data:
        end(running)
    received += data
    while b'\n' in received:
        line, rest = received.split(b'\n', 1)
        request = json.loads(line)
        if len(rest) < request['bytes']:
            break
        program, received = rest[:request['bytes']], rest[request['bytes']:]
        refused = unfit or (changed() and 'stale')
        if refused:
            answer(id=request['id'], refused=refused)
        else:
            pid, out, err = fork(program)
            running[pid] = (request['id'], out, err)
            answer(id=request['id'], running=True)
