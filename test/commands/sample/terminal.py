"""Starts a program in a pseudo-terminal of 80 by 24 and plays a script of steps against it.

Arguments: the program and its arguments. Standard input: a JSON list of steps, each one of
  {"expect": TEXT}   wait until the program has printed TEXT since the last step
  {"send": TEXT}     type it
  {"hangup": true}   take the terminal away, as a lost ssh connection does
Standard output: JSON with all that was printed, the exit code, and the step that was waited for in vain.
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

LIMIT = 20

steps = json.load(sys.stdin)
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

printed = b""
seen = 0
missed = None
until = time.monotonic() + LIMIT


def pump(seconds):
    global printed
    ready, _, _ = select.select([master], [], [], seconds)
    if not ready:
        return True
    try:
        chunk = os.read(master, 65536)
    except OSError:
        return False
    printed += chunk
    return chunk != b""


alive = True
for step in steps:
    if "expect" in step:
        wanted = step["expect"].encode()
        while alive and wanted not in printed[seen:] and time.monotonic() < until:
            alive = pump(0.1)
        at = printed.find(wanted, seen)
        if at < 0:
            missed = step["expect"]
            break
        seen = at + len(wanted)
    elif "send" in step:
        os.write(master, step["send"].encode())
    else:
        os.close(master)
        alive = False
while alive and missed is None and time.monotonic() < until:
    alive = pump(0.1)

code = None
while time.monotonic() < until:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        code = os.waitstatus_to_exitcode(status)
        break
    if missed is not None:
        break
    time.sleep(0.02)
if code is None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
json.dump({"printed": printed.decode(errors="replace"), "code": code, "missed": missed}, sys.stdout)
