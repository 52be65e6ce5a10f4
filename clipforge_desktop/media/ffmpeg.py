"""The one door to ffmpeg: where it is, how a user's file is named to it, and how it is run.

A run reports progress, stops within a moment of a cancel, is found out when it stalls, never
outlives its worker (`media.child`), and ends in a report or in a coded error (`media.exit_codes`).
Outputs are the caller's own files in its job folder; they are overwritten without a question.
"""

import contextlib
import functools
import math
import os
import queue
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ffmpeg
import imageio_ffmpeg

from clipforge_desktop.domain.errors import ClipForgeError, TransientError
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import child, exit_codes, limits, progress
from clipforge_desktop.media.child import LeashedProcess
from clipforge_desktop.media.progress import Progress
from clipforge_desktop.media.verify import verify

__all__ = [
    "Capabilities",
    "Progress",
    "RunReport",
    "capabilities",
    "executable",
    "input_file",
    "run",
    "verify",
]

STALL_VARIABLE = "CLIPFORGE_STALL_S"
"""Seconds without progress after which ffmpeg is given up, in place of what a stage asks for:
more for a slow network drive or a disk that sleeps."""

_TICK_S = 0.1
_LOG_LINES = 200
_ALWAYS = ("-hide_banner", "-nostats", "-loglevel", "level+info", "-y")
_PROGRESS = ("-progress", "pipe:1", "-stats_period", "0.25")


@dataclass(frozen=True)
class RunReport:
    """What a finished run wrote: output seconds, frames, and the last lines of its log."""

    out_time_s: float
    frames: int
    log_tail: str


@dataclass(frozen=True)
class Capabilities:
    """What this ffmpeg can do; names as ffmpeg lists them."""

    version: str
    encoders: frozenset[str]
    filters: frozenset[str]


def executable() -> Path:
    """The ffmpeg to run: IMAGEIO_FFMPEG_EXE, else the one that came with imageio-ffmpeg.

    Raises ClipForgeError("ffmpeg_missing" or "ffmpeg_not_executable").
    """
    named = os.environ.get("IMAGEIO_FFMPEG_EXE", "")
    try:
        path = Path(named or _bundled())
    except RuntimeError as error:
        raise _missing("it is not part of this installation") from error
    if not path.is_file():
        raise _missing(f"{path} is not there")
    if not os.access(path, os.X_OK):
        raise ClipForgeError(
            "ffmpeg_not_executable",
            f"The video engine may not be started: {path} is not marked as a program.",
            "Mark it as executable, or install ClipForge again.",
        )
    return path.absolute()


def input_file(path: Path, **options: Any) -> Any:
    """A user's file as an input of an ffmpeg-python graph, whatever its name; `options` go before
    `-i` (for example `ss=12.5`). Only real media formats and plain local files are let in.
    """
    return ffmpeg.input(
        f"file:{path.absolute()}",
        protocol_whitelist=limits.PROTOCOLS,
        format_whitelist=limits.FORMAT_WHITELIST,
        max_pixels=limits.MAX_PIXELS,
        **options,
    )


def run(
    arguments: Sequence[str],
    *,
    context: StageContext,
    working_dir: Path,
    total_s: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    frames: Iterable[bytes | memoryview] | None = None,
    stall_s: float = 30.0,
) -> RunReport:
    """Run ffmpeg with `arguments` (as ffmpeg-python's `get_args` gives them) to its end.

    `total_s` is the expected length of the output, for fractions and time left; `on_progress` is
    called on this thread, about four times a second, and may raise. `frames` are written to
    ffmpeg's `pipe:0` by a thread of their own. Without any progress for `stall_s` seconds (or what
    STALL_VARIABLE says) the run ends as TransientError("ffmpeg_stalled"); a cancel ends it at once
    as CancelledError; all other errors are those of `exit_codes.failure`. Whatever is raised,
    ffmpeg is gone by then.
    """
    context.check()
    limit_s = _stall_limit_s(stall_s)
    quiet = () if frames is not None else ("-nostdin",)
    command = [str(executable()), *_ALWAYS, *quiet, *_PROGRESS, *arguments]
    context.log(shlex.join(command))
    process = _start(command, working_dir, is_fed=frames is not None)
    unregister = context.on_cancel(process.kill)
    watched = _Run(process, total_s, frames)
    try:
        watched.follow(context, on_progress, limit_s)
    except BaseException:
        process.kill()
        raise
    finally:
        unregister()
        code = process.wait()
        watched.join()
    if watched.feed_error is not None:
        raise watched.feed_error
    context.check()
    error = exit_codes.failure(code, watched.log_tail, needed_bytes=watched.needed_bytes())
    if error is not None:
        context.log(watched.log_tail)
        raise error
    return RunReport(watched.latest.out_time_s, watched.latest.frames, watched.log_tail)


@functools.cache
def capabilities() -> Capabilities:
    """Version, encoders and filters of our ffmpeg, asked once. Raises as `executable` does."""
    path = executable()
    version = re.search(r"version (\S+)", _ask(path, "-version"))
    listed = re.compile(r"^ [A-Z.|]{2,6} (\S+)", re.MULTILINE)
    return Capabilities(
        version=version.group(1) if version else "unknown",
        encoders=frozenset(listed.findall(_ask(path, "-encoders"))) - {"="},
        filters=frozenset(listed.findall(_ask(path, "-filters"))) - {"="},
    )


class _Run:
    """The threads around one process: its progress, its log, and what it is fed."""

    def __init__(
        self,
        process: LeashedProcess,
        total_s: float | None,
        frames: Iterable[bytes | memoryview] | None,
    ) -> None:
        self.latest = progress.NO_PROGRESS
        self.feed_error: BaseException | None = None
        self._process = process
        self._total_s = total_s
        self._fed_bytes = 0
        self._is_closing = False
        self._reports: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._threads = [
            threading.Thread(target=self._read_progress, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        if frames is not None and process.stdin is not None:
            feeder = threading.Thread(target=self._feed, args=(frames, process.stdin), daemon=True)
            self._threads.append(feeder)
        for thread in self._threads:
            thread.start()

    @property
    def log_tail(self) -> str:
        return "\n".join(self._log)

    def needed_bytes(self) -> int | None:
        """What a run like this one would still have written, by its average so far."""
        fraction = self.latest.fraction
        if not fraction or not self.latest.total_bytes:
            return None
        return int(self.latest.total_bytes / fraction) - self.latest.total_bytes

    def follow(
        self,
        context: StageContext,
        on_progress: Callable[[Progress], None] | None,
        stall_s: float,
    ) -> None:
        idle_s, moved, ticked = 0.0, (0.0, 0, 0, 0), time.monotonic()
        while True:
            context.check()
            report = self._next_report()
            if report is None:
                return
            if report is not self.latest:
                self.latest = report
                if on_progress is not None:
                    on_progress(report)
            # A tick counts little even if we ourselves were stopped or asleep meanwhile.
            now = time.monotonic()
            idle_s, ticked = idle_s + min(now - ticked, 2 * _TICK_S), now
            now_moved = (report.out_time_s, report.frames, report.total_bytes, self._fed_bytes)
            if now_moved != moved:
                idle_s, moved = 0.0, now_moved
            if idle_s > stall_s:
                raise _stalled(stall_s)

    def _next_report(self) -> Progress | None:
        """The next report, the latest one again after a quiet tick, or None at the end."""
        try:
            return self._reports.get(timeout=_TICK_S)
        except queue.Empty:
            return None if self.feed_error is not None else self.latest

    def join(self) -> None:
        """After the process has ended: take in what its pipes still hold."""
        self._is_closing = True
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdout, self._process.stderr):
            pipe.close()

    def _read_progress(self) -> None:
        lines = (line.decode("ascii", "replace") for line in self._process.stdout)
        for report in progress.reports(lines, self._total_s):
            self._reports.put(report)
        self._reports.put(None)

    def _read_log(self) -> None:
        for line in self._process.stderr:
            self._log.append(line.decode("utf-8", "replace").rstrip()[:2000])

    def _feed(self, frames: Iterable[bytes | memoryview], pipe: IO[bytes]) -> None:
        try:
            for frame in frames:
                pipe.write(frame)
                self._fed_bytes += len(frame)
        except (BrokenPipeError, OSError) as error:
            # ffmpeg ended first: its exit code tells why. Windows says EINVAL for this.
            if not isinstance(error, BrokenPipeError) and not self._process.has_ended():
                self.feed_error = error
        except BaseException as error:  # noqa: BLE001 - raised again on the caller's thread
            self.feed_error = error
        finally:
            if self.feed_error is not None:
                self._process.kill()
            with contextlib.suppress(OSError):
                pipe.close()


def _start(command: list[str], working_dir: Path, *, is_fed: bool) -> LeashedProcess:
    environment = {key: value for key, value in os.environ.items() if key != "FFREPORT"}
    environment["AV_LOG_FORCE_NOCOLOR"] = "1"
    try:
        return LeashedProcess(command, working_dir=working_dir, is_fed=is_fed, env=environment)
    except OSError as error:
        raise TransientError(
            "ffmpeg_not_started",
            f"The video engine could not be started: {error.strerror or error}.",
            "It is tried again by itself; closing other programs helps.",
        ) from error


def _bundled() -> str:
    name = str(imageio_ffmpeg.get_ffmpeg_exe())
    return shutil.which(name) or name


def _ask(path: Path, question: str) -> str:
    try:
        done = subprocess.run(
            [str(path), "-hide_banner", question],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=True,
            creationflags=child.NO_WINDOW,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ClipForgeError(
            "ffmpeg_not_executable",
            f"The video engine does not start: {path}.",
            "Install ClipForge again, or point IMAGEIO_FFMPEG_EXE to a working ffmpeg.",
        ) from error
    return done.stdout.decode("utf-8", "replace")


def _missing(why: str) -> ClipForgeError:
    return ClipForgeError(
        "ffmpeg_missing",
        f"The video engine (ffmpeg) was not found: {why}.",
        "Install ClipForge again, or point IMAGEIO_FFMPEG_EXE to an ffmpeg program.",
    )


def _stall_limit_s(asked_s: float) -> float:
    given = os.environ.get(STALL_VARIABLE, "")
    if not given:
        return asked_s
    with contextlib.suppress(ValueError):
        if 0.0 < (limit_s := float(given)) < math.inf:
            return limit_s
    raise ClipForgeError(
        "setting_not_a_number",
        f"The setting {STALL_VARIABLE} is {given!r}, which is no number of seconds.",
        f"Set {STALL_VARIABLE} to a number such as 120, or remove it.",
    )


def _stalled(stall_s: float) -> TransientError:
    return TransientError(
        "ffmpeg_stalled",
        f"Nothing moved for {stall_s:.0f} seconds while the video was read or written.",
        "It is tried again by itself; check the disk or the network folder it lies on.",
    )
