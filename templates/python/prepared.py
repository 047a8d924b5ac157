# Runs PREPARATION, and then forks itself for each program that it is sent: what the preparation imported is there already.
# A request is {"id": 1, "bytes": of program}. What the program prints is told as it comes, as {"id", "output": "stdout" or "stderr",
# "bytes"}; the answer is {"id", "code"} at its end, or {"id", "refused": why} where it is to be run otherwise. {"stop": id} kills a
# program before. Ends, with what runs, when the socket does, and when nothing was asked for a while.
import os, signal, sys, time, traceback

# Bytes that are read of an output at a time, and those that a pipe of an unprivileged account holds at most (pipe(7)).
CHUNK, LARGEST_PIPE = 65536, 2 ** 20

def stamp(path):
    try:
        found = os.stat(path)
    except OSError:
        return None
    # A file that is renamed to its place has times of before, but for this one.
    return found.st_ctime_ns, found.st_size, found.st_ino

def modules_in(folder):
    # What could be imported from there, and what says that something was installed.
    try:
        return {name for name in os.listdir(folder)
                if '.' in name or os.path.exists(os.path.join(folder, name, '__init__.py'))}
    except OSError:
        return None

def changed():
    return (any(stamp(path) != then for path, then in loaded.items())
            or any(modules_in(folder) != then for folder, then in searched.items()))

def others():
    """What two processes can't both have: threads, and connections beside those to who started this one."""
    if len(os.listdir('/proc/self/task')) > 1:
        return True
    for name in os.listdir('/proc/self/fd'):
        try:
            if int(name) not in (0, SOCKET) and os.readlink('/proc/self/fd/' + name).startswith('socket:'):
                return True
        except OSError:
            pass
    return False

class Output:
    """What a program prints, told as it comes."""
    def __init__(self, number, name):
        self.number, self.name = number, name
        self.source, self.end = os.pipe()
        os.set_blocking(self.source, False)
        readers[self.source] = self.read

    def read(self, source):
        """Returns how many bytes there were."""
        try:
            data = os.read(source, CHUNK)
        except BlockingIOError:
            return 0
        if data:
            answer(data, id=self.number, output=self.name, bytes=len(data))
        else:
            self.close()
        return len(data)

    def close(self):
        if readers.pop(self.source, None):
            os.close(self.source)

    def ended(self):
        """The program has ended. What it left behind may hold the pipe for ever, and go on writing into it."""
        left = LARGEST_PIPE
        while self.source in readers and left > 0:
            count = self.read(self.source)
            left = left - count if count else 0
        self.close()

def fork(number, program):
    outputs = [Output(number, 'stdout'), Output(number, 'stderr')]
    pid = os.fork()
    if pid:
        for output in outputs:
            os.close(output.end)
        running[pid] = number, outputs
        return
    code = 1
    try:
        os.close(SOCKET)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor, output in enumerate(outputs, 1):
            os.dup2(output.end, descriptor)
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
        if 'finish' in prepared:
            prepared['finish']()
    finally:
        # Nothing of what the parent still has to do at its end.
        os._exit(code & 0xff)

def ended(pid, status):
    number, outputs = running.pop(pid)
    for output in outputs:
        output.ended()
    answer(id=number, code=exit_code(status))

def stop(number):
    for pid, (other, _) in running.items():
        if other == number:
            os.kill(pid, signal.SIGKILL)

def asked(request, program):
    if 'stop' in request:
        return stop(request['stop'])
    refused = unfit or (changed() and 'stale')
    if refused:
        answer(id=request['id'], refused=refused)
    else:
        fork(request['id'], program)

began = time.time_ns()
# By process id, those that run; by descriptor, what reads it.
running, readers = {}, {}
opened, preparing, prepared, unfit = set(), True, {'__name__': '__main__'}, None

def notice(event, arguments):
    if not preparing or event != 'open':
        return
    # Settings may come from any file that is read. Byte code belongs to a file that is noticed by itself.
    path, _, flags = arguments
    if isinstance(path, str) and not path.endswith('.pyc') and not (flags or 0) & (os.O_WRONLY | os.O_RDWR):
        opened.add(os.path.abspath(path))

try:
    sys.addaudithook(notice)
    exec(compile(PREPARATION, '<preparation>', 'exec'), prepared)
    if others():
        unfit = 'unfit'
except BaseException:
    unfit = 'failed'
preparing = False
files = {getattr(module, '__file__', None) for module in list(sys.modules.values())} - {None}
loaded = {path: stamp(path) for path in files.union(path for path in opened if os.path.isfile(path))}
searched = {folder: modules_in(folder) for folder in {os.path.dirname(path) for path in files}.union(sys.path) if folder}
# What changed since it began may have been read before. The times of files come from a clock that runs some milliseconds behind.
if unfit is None and any(then is not None and then[0] > began - 20_000_000 for then in loaded.values()):
    unfit = 'stale'

try:
    serve(asked, running, ended, readers)
finally:
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    # Without what the preparation wants to do at the end, such as to wait for a thread.
    os._exit(0)
