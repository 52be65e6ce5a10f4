"""x264 as exports use it: the same pictures give the same file, whatever else the machine does."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import ffmpeg
import imageio_ffmpeg
import pytest

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.stages.export import formats

CELLS = "life=size=270x480:rate=30:mold=10:ratio=0.1:seed=7,trim=duration=2,scale=540x960"
THREADS = 2
AT_ONCE = 4
"""More than there are cores, so that x264's threads meet in ever other orders: every third encode
of these pictures was another, and with a capped rate nearly each."""


@pytest.mark.parametrize(
    ("quality", "most_bits_s", "runs"), [("standard", None, 8), ("best", 1_000_000, 4)]
)
def test_the_same_pictures_give_the_same_bytes(
    quality: Quality, most_bits_s: int | None, runs: int
) -> None:
    settings = formats.x264(quality, THREADS, most_bits_s) | {"format": "h264"}
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-loglevel", "error", "-nostdin"),
        *ffmpeg.output(ffmpeg.input(CELLS, f="lavfi"), "pipe:1", **settings).get_args(),
    ]

    def encoded(_: int) -> bytes:
        return subprocess.run(command, capture_output=True, check=True).stdout

    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = set(pool.map(encoded, range(runs)))
    assert len(files) == 1
    assert len(files.pop()) > 10_000
