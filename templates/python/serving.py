# Stands before a program that answers requests. The socket that is file descriptor 3 brings them, each a line of JSON, in which
# "bytes" says how many bytes follow it. An answer is a line of JSON too, and so is what comes before it, with or without bytes.
import json, os, select, signal

SOCKET, IDLE_SECONDS = 3, 60
os.set_inheritable(SOCKET, False)

def answer(following=b'', **fields):
    data = json.dumps(fields).encode() + b'\n' + following
    while data:
        data = data[os.write(SOCKET, data):]

def exit_code(status):
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)

def serve(asked, children, ended, readers={}, look=lambda: IDLE_SECONDS):
    """Returns when the socket ends, or nothing was asked for a while. Calls asked(request, bytes); ended(pid, status) for each of
    children; what readers has for a descriptor, with that; and in each round look(), which returns the seconds until it is to be
    called again, at most IDLE_SECONDS."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    received = b''
    while True:
        wait = look()
        ready, _, _ = select.select([SOCKET, woken, *readers], [], [], wait)
        if not ready and wait == IDLE_SECONDS and not children:
            return
        for end in ready:
            if end in readers:
                readers[end](end)
        if woken in ready:
            os.read(woken, 4096)
            for pid in list(children):
                found, status = os.waitpid(pid, os.WNOHANG)
                if found:
                    ended(pid, status)
        if SOCKET not in ready:
            continue
        data = os.read(SOCKET, 65536)
        if not data:
            return
        received += data
        while b'\n' in received:
            line, rest = received.split(b'\n', 1)
            request = json.loads(line)
            size = request.get('bytes') or 0
            if len(rest) < size:
                break
            received = rest[size:]
            asked(request, rest[:size])

