# Runs programs for the one who started it: a fork of this small process takes a tenth of the time of one of Node.
# Each request is {"id", "argv", "cwd", "env", "account": [uid, gid] or null, "seconds": until it is ended, "kept": bytes of each
# output that are kept, from its end, "bytes": of standard input, or null for none}. Each is answered with {"id", "code", "stdout",
# "stderr"}. {"stop": id} ends a program before. When the socket closes, or nothing was asked for a while, it kills the programs
# that still run, with their process groups, and ends.
import errno, os, signal, sys, time

# Seconds that a program has to end by itself, and that its last output may take to arrive: a daemon that it left behind may hold
# its pipes for ever.
GRACE, PIPE_GRACE = 5, 1
TIMED_OUT, TERMINATED = 124, 143

class Program:
    def __init__(self, request, given):
        self.id, self.kept, self.code, self.why = request['id'], request['kept'], None, None
        self.deadline = time.monotonic() + request['seconds']
        self.outputs = {}
        source = os.open(os.devnull, os.O_RDONLY) if given is None else held(given)
        ends = [os.pipe(), os.pipe()]
        self.streams = [self.read_later(end) for end, _ in ends]
        self.pid = os.fork()
        if self.pid == 0:
            become(request, source, *(end for _, end in ends))
        for end in source, *(end for _, end in ends):
            os.close(end)
        programs[self.id] = children[self.pid] = self

    def read_later(self, end):
        os.set_blocking(end, False)
        self.outputs[end] = bytearray()
        readers[end] = self.read
        return self.outputs[end]

    def read(self, end):
        try:
            data = os.read(end, 65536)
        except BlockingIOError:
            return
        if not data:
            return self.let_go(end)
        output = self.outputs[end]
        output += data
        if len(output) > 2 * self.kept:
            del output[:-self.kept]

    def let_go(self, end):
        del self.outputs[end], readers[end]
        os.close(end)

    def ended(self, status):
        self.code = exit_code(status) if self.why is None else self.why
        self.deadline = time.monotonic() + PIPE_GRACE

    def stop(self, why):
        self.why = why
        self.kill(signal.SIGTERM)
        self.deadline = time.monotonic() + GRACE

    def kill(self, number):
        # The group may not be there yet.
        for send in os.killpg, os.kill:
            try:
                return send(self.pid, number)
            except OSError:
                pass

    def due(self):
        if self.code is not None:
            for end in list(self.outputs):
                self.let_go(end)
        elif self.why is None:
            self.stop(TIMED_OUT)
        else:
            self.kill(signal.SIGKILL)
            # A process in uninterruptible sleep, on a dead disk say, dies only when the disk answers.
            self.deadline = time.monotonic() + GRACE

    def result(self):
        out, err = (bytes(stream[-self.kept:]).decode(errors='replace') for stream in self.streams)
        return {'id': self.id, 'code': self.code, 'stdout': out, 'stderr': err}

def become(request, source, out, err):
    """Ends in the program, or with what the shell says of one that can't be run."""
    argv, account = request['argv'], request['account']
    code = 127
    try:
        # A session leader can't leave its process group, so the group can always be signalled.
        os.setsid()
        os.dup2(source, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        # Python ignores these, and the program would inherit that.
        for number in signal.SIGPIPE, signal.SIGXFSZ:
            signal.signal(number, signal.SIG_DFL)
        os.chdir(request['cwd'])
        if account is not None:
            os.setgroups([])
            os.setgid(account[1])
            os.setuid(account[0])
        os.execvpe(argv[0], argv, request['env'])
    except OSError as error:
        os.write(2, f'spawn {argv[0]} {errno.errorcode.get(error.errno, error.errno)}'.encode())
    except Exception as error:
        os.write(2, f'spawn: {error}'.encode(errors='replace'))
    finally:
        os._exit(code)

def held(data):
    """A file without a name: a pipe would have to be filled while the program reads."""
    file = os.memfd_create('stdin')
    while data:
        data = data[os.write(file, data):]
    os.lseek(file, 0, os.SEEK_SET)
    return file

def asked(request, given):
    if 'stop' not in request:
        Program(request, None if request['bytes'] is None else given)
    elif request['stop'] in programs and programs[request['stop']].code is None:
        programs[request['stop']].stop(TERMINATED)

def ended(pid, status):
    children.pop(pid).ended(status)

def look():
    now = time.monotonic()
    for program in list(programs.values()):
        if program.deadline <= now:
            program.due()
        if program.code is not None and not program.outputs:
            del programs[program.id]
            answer(**program.result())
    return min([IDLE_SECONDS, *(max(0, program.deadline - now) for program in programs.values())])

# By number of the request, all without an answer; by process id, those that run; by descriptor, what reads it.
programs, children, readers = {}, {}, {}
for number in signal.SIGTERM, signal.SIGHUP:
    signal.signal(number, lambda *_: sys.exit())
own = os.getpid()
try:
    serve(asked, children, ended, readers, look)
finally:
    # A signal may reach a fork before its program does.
    for program in children.values() if os.getpid() == own else ():
        program.kill(signal.SIGKILL)
