"""An ended ffmpeg becomes one coded error with a sentence and a next step."""

import pytest

from clipforge_desktop.domain.errors import (
    ClipForgeError,
    InputError,
    PausingError,
    TransientError,
)
from clipforge_desktop.media.exit_codes import failure, last_error

OUT = "[error] Error opening output file file:/x/y.mp4."
IN = "[error] Error opening input file file:/x/y.mp4."


@pytest.mark.parametrize(
    ("code", "log", "kind", "name"),
    [
        (228, "", PausingError, "disk_full"),
        (0, "[out#0/matroska] [error] Task finished: No space left on device", None, "disk_full"),
        (228, OUT, PausingError, "disk_full"),
        (243, OUT, PausingError, "output_not_writable"),
        (226, OUT, PausingError, "output_not_writable"),
        (254, OUT, PausingError, "output_missing"),
        (243, IN, InputError, "no_permission"),
        (254, IN, InputError, "source_missing"),
        (183, IN, InputError, "damaged"),
        (251, "", TransientError, "read_failed"),
        (244, "", ClipForgeError, "out_of_memory"),
        (-11, "", ClipForgeError, "ffmpeg_crashed"),
        (-6, "", ClipForgeError, "ffmpeg_crashed"),
        (0xC0000005, "", ClipForgeError, "ffmpeg_crashed"),
        (0xFFFFFFE4, "", PausingError, "disk_full"),
        (-9, "", TransientError, "ffmpeg_killed"),
        (255, "Exiting normally, received signal 15.", TransientError, "ffmpeg_killed"),
        (126, "", ClipForgeError, "ffmpeg_not_executable"),
        (8, "[vost] [fatal] Unknown encoder 'x'\n" + OUT, ClipForgeError, "ffmpeg_failed"),
        (1, "", ClipForgeError, "ffmpeg_failed"),
    ],
)
def test_each_ending_has_its_own_code(
    code: int, log: str, kind: type[ClipForgeError] | None, name: str
) -> None:
    error = failure(code, log)
    assert error is not None
    assert error.failure.code == name
    assert kind is None or type(error) is kind
    assert error.failure.message.endswith(".")
    assert error.failure.next_step.endswith(".")


def test_a_good_ending_is_no_error_even_for_a_file_that_is_named_like_one() -> None:
    assert failure(0, "[info] Input from 'No space left on device.mp4':") is None


def test_a_full_disk_says_how_much_is_needed_when_that_is_known() -> None:
    error = failure(228, "", needed_bytes=1_234_000_000)
    assert error is not None
    assert "1,234 MB" in error.failure.message


def test_the_last_marked_line_is_the_reason_that_is_shown() -> None:
    log = "[info] a\n[vost#0:0 @ 0x1] [fatal] Unknown encoder 'x'\n[info] b"
    assert last_error(log) == "Unknown encoder 'x'"
    assert last_error("[info] nothing wrong") == ""
