"""Runs a program and measures it from beside it, on the host that it runs on.

Arguments: a file for its standard output, the seconds between two samples, then the program with its arguments.
Prints one JSON object: exit code; seconds until its first byte of output and until its end; CPU seconds of it and of all
that it started, but for services; and of itself alone, without its children: CPU seconds, peak memory, and samples of its
resident memory as [seconds, kilobytes].
"""
import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time

output, interval, *argv = sys.argv[1:]
interval = float(interval)
first = None


def copy(pipe):
    global first
    with open(output, 'wb') as file:
        while part := pipe.read1(1 << 16):
            if first is None:
                first = time.monotonic() - started
            file.write(part)


def memory(pid, name):
    try:
        with open(f'/proc/{pid}/status') as status:
            return next((int(line.split()[1]) for line in status if line.startswith(name)), None)
    except (FileNotFoundError, ProcessLookupError):
        return None


def processor(pid):
    try:
        with open(f'/proc/{pid}/stat') as stat:
            # What follows the name in brackets, which may hold spaces; the 14th and 15th field of all are its own time.
            fields = stat.read().rpartition(')')[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
    except (FileNotFoundError, ProcessLookupError):
        return None


def reap():
    """Waits for what the program started and left: a helper of its own ends a moment after it."""
    for _ in range(200):
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
peak, own, samples = 0, 0, []
started = time.monotonic()
child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
reader = threading.Thread(target=copy, args=(child.stdout,))
reader.start()
ended = 0
while not ended:
    if interval == 0:
        ended, status = os.waitpid(child.pid, 0)
        break
    # The high-water mark only grows, so the last look at it is the peak but for what came in the last interval.
    peak = memory(child.pid, 'VmHWM') or peak
    own = processor(child.pid) or own
    resident = memory(child.pid, 'VmRSS')
    if resident:
        samples.append([round(time.monotonic() - started, 2), resident])
    time.sleep(interval)
    ended, status = os.waitpid(child.pid, os.WNOHANG)
seconds = time.monotonic() - started
reader.join()
reap()
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    'code': os.waitstatus_to_exitcode(status),
    'seconds': seconds,
    'firstOutput': first,
    'cpu': usage.ru_utime + usage.ru_stime,
    'ownCpu': own,
    'peakKb': peak,
    'samples': samples,
}))
