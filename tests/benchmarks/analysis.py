"""Goals 5 and 6: what looking at a video costs, against decoding it and against PySceneDetect.

Goal 5: poster, thumbnails, waveform, and the cuts and faces of the clips on the shelf, against one
full ffmpeg decode to nothing. Goal 6: every cut of a video, against PySceneDetect's content
detector (`pip install .[bench]`), with the share of known cuts that each finds within two frames.
Pairs interleaved, CPU seconds, median of the ratios.
"""

import argparse
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import imageio_ffmpeg

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.order import FramingRequest, ImportRequest
from clipforge_desktop.faces.detector import YUNET_FILE
from clipforge_desktop.media.shots import find_cuts
from clipforge_desktop.stages import framing, importing
from tests import media_maker
from tests.benchmarks._measuring import ROOT, SHARED, cpu_s, source
from tests.stage_context import RecordingContext

_CLIP_S = 30
_FPS = 30
_WITHIN_S = 2 / _FPS + 1e-6


def main() -> None:
    """Measure and print; with a role, be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--role", choices=["look", "cuts", "scenedetect"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    match options.role:
        case "look":
            look(Path("source.mp4"), options.seconds)
        case "cuts":
            _tell(find_cuts(Path("cut.mp4"), 0.0, 1e6, lambda: None))
        case "scenedetect":
            detect_scenes(Path("cut.mp4"))
        case _:
            with tempfile.TemporaryDirectory() as name:
                everything(Path(name), options.seconds, options.pairs)
                scene_cuts(Path(name), options.pairs)


def everything(folder: Path, seconds: float, pairs: int) -> None:
    source(folder / "source.mp4", seconds)
    decode = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "source.mp4", "-f", "null", "-"]
    ratios = []
    for _ in range(pairs):
        decode_s = cpu_s(decode, folder)
        look_s = cpu_s([*_role("look"), "--seconds", str(seconds)], folder)
        ratios.append(look_s / decode_s)
        print(f"full decode {decode_s:.1f} s, all analysis {look_s:.1f} s", flush=True)
    ratio = statistics.median(ratios)
    print(f"RESULT\tanalysis of {seconds / 60:.0f} min with 3 clips, CPU\t{ratio:.2f}x\t0.80x (5)")


def look(path: Path, seconds: float) -> None:
    """Import's pictures and sound, and the framing of three clips of 30 s."""
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        context = RecordingContext(Path(name))
        model = SHARED / "models" / YUNET_FILE
        if model.is_file():
            (context.models_dir / YUNET_FILE).symlink_to(model)
        media = importing.run(ImportRequest(str(path)), context).media
        for at_s in (seconds * share for share in (0.1, 0.4, 0.7)):
            pieces = (Piece(at_s, at_s + _CLIP_S),)
            framing.run(FramingRequest(str(path), media, pieces), context)


def scene_cuts(folder: Path, pairs: int) -> None:
    known_s = make_cuts(folder / "cut.mp4", folder)
    if importlib.util.find_spec("scenedetect") is None:
        print("RESULT\tPySceneDetect\tnot installed: pip install .[bench]\t0.60x (6)")
        return
    ratios = []
    for _ in range(pairs):
        theirs_s = cpu_s(_role("scenedetect"), folder)
        ours_s = cpu_s(_role("cuts"), folder)
        ratios.append(ours_s / theirs_s)
        print(f"PySceneDetect {theirs_s:.1f} s, ours {ours_s:.1f} s", flush=True)
    ours, theirs = (recall(known_s, told(role, folder)) for role in ("cuts", "scenedetect"))
    print(f"RESULT\tscene cuts, CPU\t{statistics.median(ratios):.2f}x\t0.60x (6)")
    print(f"RESULT\tcuts found within 2 frames\t{ours:.0%}\tPySceneDetect: {theirs:.0%} (6)")


def make_cuts(path: Path, folder: Path) -> tuple[float, ...]:
    """A minute and a half of 1080p out of many stretches; the times of the cuts between them."""
    people, scenes = SHARED / "media" / "people", SHARED / "media" / "scenes"
    real = [people / "s18.mp4", scenes / "crystal.mp4", scenes / "frog.mp4", people / "d9.mp4"]
    chance = random.Random(20261101)
    parts, at_s, known_s = [], 0.0, []
    for number in range(30):
        frames, file = chance.randint(45, 135), real[number % len(real)]
        picture: tuple[str | Path, ...] = ("-ss", f"{chance.uniform(0, 3):.2f}", "-i", file)
        if not file.is_file():
            hue = f",hue=h={number * 77 % 360}"
            picture = media_maker.lavfi(f"testsrc2=size=1920x1080:rate={_FPS}{hue}")
        part = folder / f"part-{number}.mp4"
        media_maker.ffmpeg(
            *picture, "-an", "-frames:v", str(frames), "-vf",
            f"fps={_FPS},scale=1920:1080,setsar=1,tpad=stop=-1:stop_mode=clone",
            "-c:v", "libx264", "-preset", "ultrafast", "-crf", "16",
            "-pix_fmt", "yuv420p", part,
        )  # fmt: skip
        parts.append(part)
        at_s += frames / _FPS
        known_s.append(at_s)
    (folder / "parts.txt").write_text("".join(f"file '{part}'\n" for part in parts), "utf-8")
    joined = ("-f", "concat", "-safe", "0", "-i", folder / "parts.txt")
    media_maker.ffmpeg(*joined, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", path)
    return tuple(known_s[:-1])


def detect_scenes(path: Path) -> None:
    from scenedetect import ContentDetector, detect

    scenes = detect(str(path), ContentDetector())
    _tell(start.seconds for start, _ in scenes[1:])


def told(role: str, folder: Path) -> list[float]:
    run = subprocess.run(
        _role(role), cwd=folder, env={"PYTHONPATH": str(ROOT)}, check=True, capture_output=True
    )
    found: list[float] = json.loads(run.stdout)
    return found


def recall(known_s: tuple[float, ...], found_s: list[float]) -> float:
    hits = sum(any(abs(cut_s - other_s) <= _WITHIN_S for other_s in found_s) for cut_s in known_s)
    return hits / len(known_s)


def _tell(cuts_s: Iterable[float]) -> None:
    print(json.dumps([float(cut_s) for cut_s in cuts_s]))


def _role(name: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.analysis", "--role", name]


if __name__ == "__main__":
    main()
