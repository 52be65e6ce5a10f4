"""What the benchmarks of exports share: one source, the hand-written command, and the clock.

CPU seconds are those of a command and of everything that it started and waited for.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.subtitles import write_ass
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.faces.detector import YUNET_FILE
from clipforge_desktop.paths import Home, resources
from tests import media_maker
from tests.pipeline import export_maker as maker

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CLIPFORGE_SHARED", ROOT.parent / "shared"))
STYLE = "clean"
WORD_S = 0.4
_SAID = "So this is what we learned after {} years of building {} {}."
_WHAT = ("houses", "bridges", "boats", "cameras", "gardens", "engines", "schools")
_WHERE = ("here", "abroad", "together", "alone", "twice", "slowly")
_SENTENCE = len(_SAID.split())
_PERSON = SHARED / "media" / "people" / "s18.mp4"
_LOOP_S = 36


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    wall_s: float


@dataclass(frozen=True)
class Found:
    """A clip as the program found it: its times in the source."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def cost(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run `command` in `folder` to its end. Raises CalledProcessError with what it said."""
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall_s, after = time.monotonic() - began_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu_s, wall_s)


def cpu_s(command: Sequence[str | Path], folder: Path) -> float:
    return cost(command, folder).cpu_s


def source(path: Path, seconds: float, height_px: int = 1080) -> Path:
    """16:9 with a real person where the shared media are, a drawn picture otherwise.

    36 s are encoded, with some noise as cameras have it and the sample's voice; more is the same
    again.
    """
    picture: tuple[str | Path, ...] = media_maker.lavfi("testsrc2=size=1920x1080:rate=30")
    if _PERSON.is_file():
        picture = ("-stream_loop", "-1", "-i", _PERSON)
    once = path.with_suffix(".once.mp4")
    media_maker.ffmpeg(
        *picture, "-stream_loop", "-1", "-i", resources() / "sample" / "talk.mp4",
        "-map", "0:v", "-map", "1:a", "-t", str(min(seconds, _LOOP_S)),
        "-vf", f"scale={height_px * 16 // 9}:{height_px},noise=alls=3:allf=t,fps=30",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", "-c:a", "aac", once,
    )  # fmt: skip
    loop = ("-stream_loop", "-1", "-i", once, "-t", str(seconds), "-c", "copy", path)
    media_maker.ffmpeg(*loop)
    once.unlink()
    return path


def said(seconds: float) -> list[tuple[float, float, str]]:
    """Words, one every 0.4 s, in sentences that are never the same: those would count as a loop."""
    spoken: list[tuple[float, float, str]] = []
    for n in range(int(seconds / WORD_S)):
        sentence, place = divmod(n, _SENTENCE)
        what, where = _WHAT[sentence % len(_WHAT)], _WHERE[sentence % len(_WHERE)]
        text = _SAID.format(sentence + 2, what, where).split()[place]
        spoken.append((n * WORD_S, n * WORD_S + 0.35, text))
    return spoken


def write_subtitles(path: Path, seconds: float) -> Path:
    """The same words as subtitles, a cue for each sentence."""
    words = said(seconds)
    cues = [words[at : at + _SENTENCE] for at in range(0, len(words), _SENTENCE)]
    path.write_text(
        "\n".join(
            f"{number}\n{_stamp(cue[0][0])} --> {_stamp(cue[-1][1])}\n"
            f"{' '.join(text for _, _, text in cue)}\n"
            for number, cue in enumerate(cues, start=1)
        ),
        "utf-8",
    )
    return path


def _stamp(at_s: float) -> str:
    whole_ms = round(at_s * 1000)
    minutes, rest_ms = divmod(whole_ms, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest_ms // 1000:02d},{rest_ms % 1000:03d}"


def by_hand(
    folder: Path, clip: Found, video: str, crop: str, size_px: tuple[int, int]
) -> list[str | Path]:
    """One ffmpeg command as people write it: cut, crop, scale, ASS captions, veryfast at crf 20."""
    name = f"{video}-{size_px[0]}x{size_px[1]}"
    words = TimeMap((Piece(clip.start_s, clip.end_s),)).words(
        maker.transcript(*said(clip.end_s)).words
    )
    captions = folder / f"{name}.ass"
    write_ass(words, captions, load_style(STYLE), size_px, clip.duration_s)
    width, height = size_px
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-ss", f"{clip.start_s:.3f}",
        "-t", f"{clip.duration_s:.3f}", "-i", "source.mp4",
        "-vf", f"crop={crop},scale={width}:{height},ass={captions.name}",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2",
        "-movflags", "+faststart", f"{name}.mp4",
    ]  # fmt: skip


def clipforge(home: Path, *arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "clipforge_desktop", "--home", home, "--offline", *arguments]


def make_home(folder: Path) -> Home:
    """An empty library with the face model, where the shared one is there to link to."""
    home = Home(folder).create()
    model = SHARED / "models" / YUNET_FILE
    if model.is_file():
        (home.models / YUNET_FILE).symlink_to(model)
    return home


def find(home: Path, folder: Path, *arguments: str | Path) -> list[Found]:
    """Import, words and clips of `source.mp4`, without an export."""
    command = clipforge(home, "process", "source.mp4", "--find-only", "--json", *arguments)
    told = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return [
        Found(event["start_s"], event["end_s"])
        for event in map(json.loads, told.stdout.splitlines())
        if event["event"] == "clip"
    ]


def fresh_homes(prepared: Path, folder: Path) -> Iterator[Path]:
    """Copies of a library, one after the other, each gone before the next is made."""
    number = 0
    while True:
        number += 1
        home = folder / f"home-{number}"
        shutil.copytree(prepared, home, symlinks=True)
        yield home
        shutil.rmtree(home)
