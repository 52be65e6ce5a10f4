"""The leash: a tiny program between a worker and its ffmpeg, so that ffmpeg dies with the worker.

It holds the reading end of a pipe whose writing end only the worker has. However the worker ends,
the pipe closes, and the leash kills ffmpeg. It uses the standard library only, because it starts
anew with every ffmpeg: `python -I -S leash.py FD COMMAND...` (in a frozen program `leash FD ...`).
POSIX only; Windows has job objects (`media.child`).
"""

import ctypes
import os
import select
import signal
import sys

assert sys.platform != "win32"

PR_SET_PDEATHSIG = 1  # linux/prctl.h
COULD_NOT_START = 126  # as a shell says it; known to `media.exit_codes` too


def main(arguments: list[str]) -> int:
    """Run `arguments[1:]` until it ends or descriptor `arguments[0]` closes; its exit code."""
    lifeline = int(arguments[0])
    os.set_inheritable(lifeline, False)
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    command_pid = _start(arguments[1:])
    os.closerange(0, 3)  # the command's own now: its reader and writer must see it end
    return _follow(command_pid, lifeline, woken)


def _start(command: list[str]) -> int:
    # The library is loaded before the fork: nothing but system calls may happen after it.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    leash_pid = os.getpid()
    command_pid = os.fork()
    if command_pid:
        return command_pid
    try:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != leash_pid:  # the leash died before the line above took hold
                os._exit(COULD_NOT_START)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec keeps that
        os.execv(command[0], command)
    finally:
        os._exit(COULD_NOT_START)


def _follow(command_pid: int, lifeline: int, woken: int) -> int:
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    poll.register(woken, select.POLLIN)
    while True:
        ready = [descriptor for descriptor, _ in poll.poll()]
        if woken in ready:
            os.read(woken, 4096)
        if lifeline in ready:  # nobody writes to it: readable means closed
            os.kill(command_pid, signal.SIGKILL)
            poll.unregister(lifeline)
        ended_pid, status = os.waitpid(command_pid, os.WNOHANG)
        if ended_pid:
            return _pass_on(status)


def _pass_on(status: int) -> int:
    """End as the command ended: with its exit code, or by the same signal."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return code
    if -code != signal.SIGKILL:  # whose action cannot be set
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
    return 128 - code


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
