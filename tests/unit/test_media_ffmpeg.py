"""The door to ffmpeg, with real processes: progress, cancel, stalls, feeding, and no orphans."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import psutil
import pytest

from clipforge_desktop.domain.errors import (
    CancelledError,
    ClipForgeError,
    InputError,
    PausingError,
    TransientError,
)
from clipforge_desktop.media import ffmpeg as door
from tests import media_maker
from tests.stage_context import RecordingContext

ENDLESS = ["-f", "lavfi", "-i", "testsrc2=size=640x360", "-f", "null", "-"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

PARENT = """
import sys
from pathlib import Path
from clipforge_desktop.media import ffmpeg as door
from tests.stage_context import RecordingContext
folder = Path(sys.argv[1])
door.run(sys.argv[2:], context=RecordingContext(folder), working_dir=folder)
"""


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path)


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def is_at_work(process: psutil.Process) -> bool:
    """True for the real run; the door also asks ffmpeg for its version at first."""
    try:
        return "ffmpeg" in process.name() and "-progress" in process.cmdline()
    except psutil.Error:
        return False


def wait_until_gone(processes: list[psutil.Process]) -> None:
    psutil.wait_procs([process for process in processes if not is_gone(process)], timeout=0)
    for _ in range(1000):
        if all(is_gone(process) for process in processes):
            return
        threading.Event().wait(0.005)
    raise AssertionError(f"still there: {processes}")


def family(pid: int | None = None) -> list[psutil.Process]:
    """Leashes and ffmpegs below a process; other tests may have left helpers of their own."""
    below = psutil.Process(pid).children(recursive=True)
    return [process for process in below if is_leash(process) or is_at_work(process)]


def is_leash(process: psutil.Process) -> bool:
    try:
        return any(word.endswith("leash.py") for word in process.cmdline())
    except psutil.Error:
        return False


def wait_for_family(pid: int) -> list[psutil.Process]:
    """The leash and its ffmpeg, once both are there."""
    for _ in range(4000):
        found = family(pid)
        if len(found) == 2 and any(is_at_work(process) for process in found):
            return found
        threading.Event().wait(0.005)
    raise AssertionError("ffmpeg did not start")


def test_a_run_reports_its_progress_and_what_it_wrote(
    context: RecordingContext, tmp_path: Path
) -> None:
    source = media_maker.talk(tmp_path / "talk.mp4", 2)
    target = tmp_path / "out.mp4"
    stream = door.input_file(source, ss=0.5)
    arguments = ffmpeg.output(stream, f"file:{target}", vcodec="libx264", preset="ultrafast")
    seen: list[door.Progress] = []
    report = door.run(
        arguments.get_args(),
        context=context,
        working_dir=tmp_path,
        total_s=1.5,
        on_progress=seen.append,
    )
    assert report.out_time_s == pytest.approx(1.5, abs=0.1)
    assert 36 <= report.frames <= 39
    assert seen[-1].fraction == pytest.approx(1.0, abs=0.05)
    assert "ffmpeg" in context.logged[0]
    door.verify(target, 1.5)


def test_a_users_file_is_named_as_a_plain_file_and_only_media_are_let_in(tmp_path: Path) -> None:
    arguments = ffmpeg.output(door.input_file(tmp_path / "http:x.mp4"), "-", f="null").get_args()
    assert arguments[arguments.index("-i") + 1] == f"file:{tmp_path / 'http:x.mp4'}"
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file"
    allowed = arguments[arguments.index("-format_whitelist") + 1].split(",")
    assert not {"hls", "concat", "dash", "sdp", "image2", "rtsp", "imf", "lavfi"} & set(allowed)
    assert int(arguments[arguments.index("-max_pixels") + 1]) >= 8192 * 4320


def test_what_our_ffmpeg_can_do_is_known() -> None:
    known = door.capabilities()
    assert known.version != "unknown"
    assert {"libx264", "aac"} <= known.encoders
    assert {"ebur128", "overlay", "scale", "asplit"} <= known.filters


def test_a_cancel_ends_ffmpeg_and_its_leash(context: RecordingContext, tmp_path: Path) -> None:
    running: list[psutil.Process] = []

    def cancel(report: door.Progress) -> None:
        if not running:
            running.extend(family())
            threading.Thread(target=context.cancel).start()

    with pytest.raises(CancelledError):
        door.run(ENDLESS, context=context, working_dir=tmp_path, on_progress=cancel)
    assert running
    wait_until_gone(running)


def test_a_cancelled_context_starts_nothing(context: RecordingContext, tmp_path: Path) -> None:
    context.cancel()
    with pytest.raises(CancelledError):
        door.run(ENDLESS, context=context, working_dir=tmp_path)
    assert not context.logged


def test_an_error_of_the_listener_ends_ffmpeg_too(
    context: RecordingContext, tmp_path: Path
) -> None:
    running: list[psutil.Process] = []

    def fail(report: door.Progress) -> None:
        running.extend(family())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        door.run(ENDLESS, context=context, working_dir=tmp_path, on_progress=fail)
    wait_until_gone(running)


@posix
def test_ffmpeg_does_not_outlive_a_worker_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), *ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
        running = wait_for_family(parent.pid)
        parent.kill()
    wait_until_gone(running)


def open_once_read(pipe: Path) -> int:
    """Open a named pipe for writing as soon as somebody reads from it."""
    for _ in range(4000):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            threading.Event().wait(0.005)
    raise AssertionError("nobody reads")


@posix
def test_ffmpeg_does_not_outlive_a_killed_worker_even_while_it_waits_for_input(
    tmp_path: Path,
) -> None:
    """Here no broken pipe can end it: it says nothing, and reads what never comes."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", PARENT, str(tmp_path), "-i", f"file:{pipe}"]
    command += ["-f", "null", "-"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
        running = wait_for_family(parent.pid)
        held = open_once_read(pipe)
        parent.kill()
    try:
        wait_until_gone(running)
    finally:
        os.close(held)


@linux
def test_ffmpeg_does_not_outlive_its_leash(context: RecordingContext, tmp_path: Path) -> None:
    running: list[psutil.Process] = []

    def kill_leash(report: door.Progress) -> None:
        if not running:
            running.extend(family())
            next(process for process in running if is_leash(process)).kill()

    with pytest.raises(TransientError) as caught:
        door.run(ENDLESS, context=context, working_dir=tmp_path, on_progress=kill_leash)
    assert caught.value.failure.code == "ffmpeg_killed"
    wait_until_gone(running)


@posix
def test_a_source_that_never_delivers_is_found_stalled_and_left(
    context: RecordingContext, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)
    before = set(family())
    arguments = ["-i", f"file:{pipe}", "-f", "null", "-"]
    with pytest.raises(TransientError) as caught:
        door.run(arguments, context=context, working_dir=tmp_path, stall_s=0.4)
    assert caught.value.failure.code == "ffmpeg_stalled"
    assert set(family()) == before
    os.close(held)


@posix
def test_an_ffmpeg_that_stops_moving_midway_is_found_stalled(
    context: RecordingContext, tmp_path: Path
) -> None:
    running: list[psutil.Process] = []

    def freeze(report: door.Progress) -> None:
        if not running:
            running.extend(family())
            for process in running:
                if "ffmpeg" in process.name():
                    process.send_signal(signal.SIGSTOP)

    with pytest.raises(TransientError) as caught:
        door.run(ENDLESS, context=context, working_dir=tmp_path, on_progress=freeze, stall_s=0.8)
    assert caught.value.failure.code == "ffmpeg_stalled"
    wait_until_gone(running)


def raw_input(size: str = "64x64") -> list[str]:
    return ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", size, "-i", "pipe:0"]


def test_frames_are_fed_from_a_thread_and_all_arrive(
    context: RecordingContext, tmp_path: Path
) -> None:
    frames = (memoryview(bytes([shade] * 64 * 64 * 3)) for shade in range(200))
    report = door.run(
        [*raw_input(), "-f", "null", "-"], context=context, working_dir=tmp_path, frames=frames
    )
    assert report.frames == 200


def test_an_error_of_the_painter_comes_out_as_itself(
    context: RecordingContext, tmp_path: Path
) -> None:
    def frames() -> Iterator[bytes]:
        yield bytes(64 * 64 * 3)
        raise ZeroDivisionError("painter")

    with pytest.raises(ZeroDivisionError, match="painter"):
        door.run(
            [*raw_input(), "-f", "null", "-"],
            context=context,
            working_dir=tmp_path,
            frames=frames(),
        )


def test_an_ffmpeg_that_needs_no_more_frames_ends_well(
    context: RecordingContext, tmp_path: Path
) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(64 * 64 * 3)

    report = door.run(
        [*raw_input(), "-frames:v", "5", "-f", "null", "-"],
        context=context,
        working_dir=tmp_path,
        frames=endless(),
    )
    assert report.frames == 5


@linux
def test_a_full_disk_pauses_instead_of_failing(context: RecordingContext, tmp_path: Path) -> None:
    source = media_maker.picture_only(tmp_path / "picture.mp4", 1)
    arguments = ["-i", f"file:{source}", "-f", "rawvideo", "file:/dev/full"]
    with pytest.raises(PausingError) as caught:
        door.run(arguments, context=context, working_dir=tmp_path)
    assert caught.value.failure.code == "disk_full"


def test_missing_and_broken_inputs_have_their_codes(
    context: RecordingContext, tmp_path: Path
) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 40)
    for path, code in ((tmp_path / "gone.mp4", "source_missing"), (noise, "damaged")):
        arguments = ["-i", f"file:{path}", "-f", "null", "-"]
        with pytest.raises(InputError) as caught:
            door.run(arguments, context=context, working_dir=tmp_path)
        assert caught.value.failure.code == code


def test_an_ffmpeg_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "ffmpeg"))
    with pytest.raises(ClipForgeError) as caught:
        door.executable()
    assert caught.value.failure.code == "ffmpeg_missing"
    assert str(tmp_path / "ffmpeg") in caught.value.failure.message


@posix
def test_an_ffmpeg_that_may_not_be_started_is_named(
    monkeypatch: pytest.MonkeyPatch, context: RecordingContext, tmp_path: Path
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("not a program")
    program.chmod(0o644)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
    with pytest.raises(ClipForgeError) as caught:
        door.executable()
    assert caught.value.failure.code == "ffmpeg_not_executable"
    program.chmod(0o755)
    with pytest.raises(ClipForgeError) as caught:
        door.run(ENDLESS, context=context, working_dir=tmp_path)
    assert caught.value.failure.code == "ffmpeg_not_executable"


def test_a_written_file_that_is_not_whole_is_found_out(tmp_path: Path) -> None:
    whole = media_maker.talk(tmp_path / "whole.mp4", 2, options=("-movflags", "+faststart"))
    silent = media_maker.picture_only(tmp_path / "silent.mp4", 2)
    door.verify(whole, 2)
    door.verify(silent, 2, has_audio=False)
    cut = media_maker.truncated(whole, tmp_path / "cut.mp4", 0.6)
    for path, expected_s in ((whole, 3.0), (silent, 2.0), (cut, 2.0), (tmp_path / "none.mp4", 2.0)):
        with pytest.raises(ClipForgeError) as caught:
            door.verify(path, expected_s)
        assert caught.value.failure.code == "output_incomplete"
