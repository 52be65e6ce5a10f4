"""Start a program that cannot outlive us, whatever way we die, `kill -9` included.

On POSIX the program hangs on a leash (`media.leash`); both form a process group of their own, out
of reach of a terminal's Ctrl+C. On Windows this process puts itself into a job object that ends
with its last handle: children are born into it, so there is no moment in which one could escape.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    from clipforge_desktop.media import leash

    NO_WINDOW = 0

    def _leash_command() -> list[str]:
        if getattr(sys, "frozen", False):
            return [sys.executable, "leash"]
        return [sys.executable, "-I", "-S", leash.__file__]


_LEASH_S = 2.0  # a leash that was told to let go and has not done so by then is killed itself
_PIPE_BYTES = 1 << 20  # a whole caption strip at a time: fewer switches between the processes


class LeashedProcess:
    """A running program with its pipes. `kill` may be called from any thread, at any time."""

    def __init__(
        self, command: Sequence[str], *, working_dir: Path, is_fed: bool, env: dict[str, str]
    ) -> None:
        self._lock = threading.Lock()
        self._is_killed = False
        self._lifeline: int | None = None
        stdin = subprocess.PIPE if is_fed else subprocess.DEVNULL
        if sys.platform == "win32":
            _join_job()
            self._process = subprocess.Popen(
                command,
                cwd=working_dir,
                env=env,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=NO_WINDOW,
            )
        else:
            held, self._lifeline = os.pipe()
            try:
                self._process = subprocess.Popen(
                    [*_leash_command(), str(held), *command],
                    cwd=working_dir,
                    env=env,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=(held,),
                    process_group=0,
                )
            except BaseException:
                self._let_go()
                raise
            finally:
                os.close(held)
        _widen(self._process.stdin)

    @property
    def stdin(self) -> IO[bytes] | None:
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def stderr(self) -> IO[bytes]:
        assert self._process.stderr is not None
        return self._process.stderr

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it at once; nothing happens when it has ended already."""
        with self._lock:
            self._is_killed = True
            if sys.platform == "win32":
                self._process.kill()
            else:
                self._let_go()  # the leash kills the program, collects it, and ends

    def wait(self) -> int:
        """Exit code; negative is the signal that ended it (POSIX)."""
        while True:
            try:
                code = self._process.wait(_LEASH_S)
                break
            except subprocess.TimeoutExpired:
                if self._is_killed:
                    self._kill_group()
        if code < 0:  # the leash itself may have been hit: take the program with it
            self._kill_group()
        with self._lock:
            self._let_go()
        return code

    def _kill_group(self) -> None:
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _let_go(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None


def _widen(pipe: IO[bytes] | None) -> None:
    if pipe is not None and sys.platform == "linux":
        import fcntl  # POSIX only

        with contextlib.suppress(OSError):  # beyond what this user may have: slower, no worse
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _KILL_ON_JOB_CLOSE = 0x2000
    _EXTENDED_LIMIT_INFORMATION = 9

    class _ExtendedLimits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, its basic part spelled out (winnt.h)."""

        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    _job_lock = threading.Lock()
    _job: list[int] = []  # the handle, never closed by us: the system closes it at our end

    def _join_job() -> None:
        with _job_lock:
            if _job:
                return
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = wintypes.HANDLE
            kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
            kernel.SetInformationJobObject.argtypes = (
                wintypes.HANDLE,
                ctypes.c_int,
                wintypes.LPVOID,
                wintypes.DWORD,
            )
            kernel.GetCurrentProcess.restype = wintypes.HANDLE
            kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
            job = kernel.CreateJobObjectW(None, None)
            limits = _ExtendedLimits(LimitFlags=_KILL_ON_JOB_CLOSE)
            if not (
                job
                and kernel.SetInformationJobObject(
                    job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
                )
                and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            _job.append(job)
