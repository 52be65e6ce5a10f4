"""Draft, Standard and Best against each other: look, size and cost of the same frames.

Some seconds of each FILE are brought to 1080x1920 without loss and encoded through the project's
own door with each quality's x264 preset, over a range of crf. VMAF (else SSIM), SSIM and PSNR say
how near each is to the frames; between the crfs tried lies the one that looks like Standard, and
it is printed with its size and CPU seconds against Standard's. Choose two or three files with
people in them.
"""

import argparse
import resource
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export.formats import encoding
from tests.stage_context import RecordingContext

AROUND = (-3, -1, 1, 3)
START_S = 1.0


@dataclass(frozen=True)
class Made:
    """One encode of one file. `look` is VMAF where this ffmpeg has it, else 100 x SSIM."""

    crf: float
    look: float
    ssim: float
    psnr_db: float
    size_bytes: float
    cpu_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    if not options.files:
        print("Name two or three video files to measure on.")
        return
    matches: dict[Quality, list[tuple[Made, Made]]] = {}
    for file in options.files:
        with tempfile.TemporaryDirectory() as folder:
            measured = measure(file, options.seconds, RecordingContext(Path(folder)))
        for quality, found in measured.items():
            matches.setdefault(quality, []).append(found)
    for quality, pairs in matches.items():
        report(quality, pairs)


def measure(
    file: Path, seconds: float, context: RecordingContext
) -> dict[Quality, tuple[Made, Made]]:
    """Per quality: what looks like Standard with its preset, and Standard itself."""
    print(f"\n{file.name}\n  preset      crf   look    SSIM   PSNR dB      MB   CPU s")
    picture = ffmpeg.input_file(file, ss=START_S, t=seconds)["v:0"]
    portrait = (
        picture.filter("scale", 1080, 1920, force_original_aspect_ratio="increase")
        .filter("crop", 1080, 1920)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )
    run(portrait.output("plain.mkv", vcodec="ffv1"), context)
    usual = encoding("standard")
    standard = tried(usual.preset, usual.crf, context)
    found: dict[Quality, tuple[Made, Made]] = {}
    for quality in get_args(Quality):
        own = encoding(quality)
        if own.preset != usual.preset:
            range_ = [tried(own.preset, usual.crf + step, context) for step in AROUND]
            found[quality] = like(standard, range_), standard
    return found


def tried(preset: str, crf: float, context: RecordingContext) -> Made:
    """Encode the plain frames, and compare what is decoded with them."""
    plain = ffmpeg_python.input("plain.mkv")
    settings = {"preset": preset, "crf": crf, "profile:v": "high", "threads": 1}
    before_s = children_cpu_s()
    run(plain.output("made.mp4", vcodec="libx264", **settings), context)
    spent_s = children_cpu_s() - before_s
    has_vmaf = "libvmaf" in ffmpeg.capabilities().filters
    ssim = compared("ssim", "All:", context)
    made = Made(
        crf,
        compared("libvmaf", "VMAF score:", context) if has_vmaf else 100 * ssim,
        ssim,
        compared("psnr", "average:", context),
        (context.job_dir / "made.mp4").stat().st_size,
        spent_s,
    )
    print(
        f"  {preset:10} {crf:4g} {made.look:6.2f} {made.ssim:7.4f} {made.psnr_db:9.2f} "
        f"{made.size_bytes / 1e6:7.2f} {made.cpu_s:7.2f}",
        flush=True,
    )
    return made


def compared(kind: str, label: str, context: RecordingContext) -> float:
    """What the filter `kind` finds between the encoded and the plain frames."""
    pair = [ffmpeg_python.input(name) for name in ("made.mp4", "plain.mkv")]
    log = run(ffmpeg_python.filter(pair, kind).output("-", format="null"), context)
    return float(log[log.rindex(label) + len(label) :].split()[0])


def like(standard: Made, range_: Sequence[Made]) -> Made:
    """The encode that looks like `standard`, by straight lines between those of `range_`."""
    ordered = sorted(range_, key=lambda made: made.crf)
    pairs = list(pairwise(ordered))
    low, high = next(
        (pair for pair in pairs if pair[1].look <= standard.look),
        pairs[-1],
    )
    share = (low.look - standard.look) / (low.look - high.look)
    mixed = {
        name: getattr(low, name) + share * (getattr(high, name) - getattr(low, name))
        for name in ("crf", "look", "ssim", "psnr_db", "size_bytes", "cpu_s")
    }
    return Made(**mixed)


def children_cpu_s() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def run(output: Any, context: RecordingContext) -> str:
    done = ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir, stall_s=300)
    return done.log_tail


def report(quality: Quality, pairs: Sequence[tuple[Made, Made]]) -> None:
    crf = statistics.mean(made.crf for made, _ in pairs)
    size = statistics.median(made.size_bytes / usual.size_bytes for made, usual in pairs)
    cpu = statistics.median(made.cpu_s / usual.cpu_s for made, usual in pairs)
    own, usual_crf = encoding(quality), encoding("standard").crf
    spread = ", ".join(f"{made.crf:.1f}" for made, _ in pairs)
    figure = f"crf {crf:.1f} ({spread}); {size:.2f}x the bytes, {cpu:.2f}x the CPU"
    goal = f"crf {own.crf}, as {own.preset} has now"
    print(f"RESULT\t{own.preset} that looks like Standard at crf {usual_crf}\t{figure}\t{goal}")


if __name__ == "__main__":
    main()
