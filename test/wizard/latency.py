"""Starts a program in a pseudo-terminal of 80 by 24, and measures how long a key takes to be answered by a frame.

Arguments: a text of the first frame, how many keys, then the program and its arguments. Standard input: JSON list of steps that lead to where
the keys are measured, each {"expect": TEXT} or {"send": TEXT}. Then `?` and Esc are typed in turn, which show and
take away the help. Standard output: JSON with the times in milliseconds, the first frame's, and the memory (kB) and
CPU time (s) of the program before and after, and the CPU time of ten idle seconds when the number of keys is 0.
The number -1 measures the first frame alone.
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

wanted, count = sys.argv[1].encode(), int(sys.argv[2])
steps = json.load(sys.stdin)
started = time.monotonic()
pid, master = pty.fork()
if pid == 0:
    # The size must be there before the program looks.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])

printed = b""


def until(wanted, limit=90):
    """Waits for a text, gives the moment at which it came."""
    global printed
    end = time.monotonic() + limit
    while wanted not in printed:
        if not select.select([master], [], [], max(0, end - time.monotonic()))[0]:
            raise SystemExit("waited in vain for %r after %r" % (wanted, printed[-2000:]))
        printed += os.read(master, 65536)
    moment = time.monotonic()
    printed = printed[printed.find(wanted) + len(wanted):]
    return moment


def drain():
    global printed
    while select.select([master], [], [], 0)[0]:
        os.read(master, 65536)
    printed = b""


def watch(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            os.read(master, 65536)


def cpu():
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory():
    with open("/proc/%d/status" % pid) as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


try:
    first = (until(wanted) - started) * 1000
    for step in steps:
        if "expect" in step:
            until(step["expect"].encode())
        else:
            os.write(master, step["send"].encode())
    before = memory()
    times = []
    for index in range(count):
        drain()
        shown = index % 2 == 0
        begun = time.monotonic()
        os.write(master, b"?" if shown else b"x")
        until(b"any key" if shown else b"help")
        times.append((time.monotonic() - begun) * 1000)
        # Between keys, as a person types; the output goes on.
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            if select.select([master], [], [], 0.01)[0]:
                os.read(master, 65536)
    if count == 0:
        # Behind the first frame it still loads the rest of itself, and looks at the server; some seconds later V8 tidies up once.
        watch(12)
    used = cpu()
    if count == 0:
        watch(10)
    result = {"first": first, "times": times, "before": before, "after": memory(), "idleCpu": cpu() - used}
finally:
    # Gently first: it ends what it started, which must not go on flooding nobody.
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 10
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if select.select([master], [], [], 0.05)[0]:
            try:
                os.read(master, 65536)
            except OSError:
                pass
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
json.dump(result, sys.stdout)
