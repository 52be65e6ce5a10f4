"""The leash: a tiny program between a worker and its ffmpeg, so that ffmpeg dies with the worker.

It holds the reading end of a pipe whose writing end only the worker has. However the worker ends,
the pipe closes, and the leash kills ffmpeg. A killed process closes its files only after it has
given its memory back (50 to 120 ms, more under load), so on Linux the leash also asks for a signal
at the end of the thread that started it, and looks now and then whether the first thread is dead:
only one of the two can be the last, which gives the memory back. It uses the standard library
only, because it starts anew with every ffmpeg: `python -I -S leash.py FD COMMAND...` (in a frozen
program `leash FD ...`). POSIX only; Windows has job objects (`media.child`).
"""

import ctypes
import os
import select
import signal
import sys

assert sys.platform != "win32"

PR_SET_PDEATHSIG = 1  # linux/prctl.h; it fires at the end of the thread that started us
STARTER_ENDED = signal.SIGUSR1
LOOK_MS = 100
COULD_NOT_START = 126  # as a shell says it; known to `media.exit_codes` too


def main(arguments: list[str]) -> int:
    """Run `arguments[1:]` until it ends or descriptor `arguments[0]` closes; its exit code."""
    lifeline = int(arguments[0])
    worker_pid = os.getppid()
    os.set_inheritable(lifeline, False)
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(STARTER_ENDED, lambda number, frame: None)
    # The library is loaded before the fork: nothing but system calls may happen after it.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, STARTER_ENDED)  # had it ended before, the pipe tells
    command_pid = _start(arguments[1:], libc)
    os.closerange(0, 3)  # the command's own now: its reader and writer must see it end
    return _follow(command_pid, lifeline, woken, worker_pid)


def _start(command: list[str], libc: ctypes.CDLL | None) -> int:
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


def _follow(command_pid: int, lifeline: int, woken: int, worker_pid: int) -> int:
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    poll.register(woken, select.POLLIN)
    look_ms = LOOK_MS if sys.platform == "linux" else None
    while True:
        ready = [descriptor for descriptor, _ in poll.poll(look_ms)]
        signals = os.read(woken, 4096) if woken in ready else b""
        if lifeline in ready:  # nobody writes to it: readable means closed
            poll.unregister(lifeline)
        is_over = lifeline in ready or STARTER_ENDED in signals
        if is_over or (not ready and _is_dead(worker_pid)):
            look_ms = None
            os.kill(command_pid, signal.SIGKILL)  # not collected yet, so its number is its own
        ended_pid, status = os.waitpid(command_pid, os.WNOHANG)
        if ended_pid:
            return _pass_on(status)


def _is_dead(worker_pid: int) -> bool:
    """True once its first thread has ended, although others may still be at it (proc(5))."""
    try:
        with open(f"/proc/{worker_pid}/stat", "rb") as stat:  # noqa: PTH123  # pathlib is slow
            return stat.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except OSError:
        return False  # no /proc here: the pipe tells


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
