"""One decode of the best sound track: samples for the recogniser, waveform, loudness.

ffmpeg writes 16 kHz mono to disk and measures loudness in the same pass; the waveform is read off
the written samples. Sample 0 is source time 0: sound that starts earlier is cut, sound that starts
later or has holes is filled with silence. Memory does not grow with the length of the video.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import numpy as np

from clipforge_desktop.domain.source import AudioStream, MediaInfo
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import ffmpeg as door

SAMPLE_RATE_HZ = 16_000
PEAKS_PER_S = 50
LOUDNESS_PER_S = 10
SILENT_LUFS = -70  # the absolute gate of EBU R 128: nothing below counts
_SAMPLES_PER_PEAK = SAMPLE_RATE_HZ // PEAKS_PER_S
_PEAKS_PER_BLOCK = 50 * 600
_LOUDNESS_LOG = "loudness.txt"


@dataclass(frozen=True)
class DecodedAudio:
    """`samples` is raw little-endian s16, mono, 16 kHz; `integrated_lufs` None when silent."""

    samples: Path
    loudness_log: Path
    duration_s: float
    integrated_lufs: float | None


def decode(
    path: Path,
    info: MediaInfo,
    samples: Path,
    *,
    context: StageContext,
    on_progress: Callable[[float, float | None], None] | None = None,
) -> DecodedAudio:
    """Decode the best track (`info.audio[0]`) of `path` into the file `samples`.

    `on_progress` takes the fraction done and the seconds left. Raises what `ffmpeg.run` raises.
    """
    report = None if on_progress is None else _forward(on_progress)
    door.run(
        arguments(path, info, info.audio[0], samples),
        context=context,
        working_dir=context.job_dir,
        total_s=info.duration_s,
        on_progress=report,
    )
    log = context.job_dir / _LOUDNESS_LOG
    return DecodedAudio(
        samples=samples,
        loudness_log=log,
        duration_s=samples.stat().st_size / 2 / SAMPLE_RATE_HZ,
        integrated_lufs=_integrated(log),
    )


def arguments(path: Path, info: MediaInfo, track: AudioStream, samples: Path) -> list[str]:
    """The command line of the one decode. Times are the container's own (`-copyts`), so that
    subtracting the first frame's time puts sound and picture on one clock.
    """
    heard = door.input_file(path, vn=None, sn=None, dn=None)[str(track.index)]
    # first_pts pads or cuts the beginning, async fills holes; neither ever stretches. Loudness is
    # measured at this low rate too, with all channels: a third of the work, and speech has little
    # above 8 kHz.
    placed = heard.filter("asetpts", f"PTS-({info.start_s:.6f})/TB").filter(
        "aresample", SAMPLE_RATE_HZ, **{"async": 1, "first_pts": 0}
    )
    split = placed.filter_multi_output("asplit", 2)
    # Without a resampler of its own this branch would make the measured one mono as well.
    speech = (
        split.stream(0)
        .filter("aresample", SAMPLE_RATE_HZ)
        .filter("aformat", sample_fmts="s16", sample_rates=SAMPLE_RATE_HZ, channel_layouts="mono")
    )
    measured = (
        split.stream(1)
        .filter("ebur128", metadata=1, framelog="quiet")
        .filter("ametadata", mode="print", file=_LOUDNESS_LOG)
    )
    limit = {"t": f"{info.duration_s:.6f}"}
    written = ffmpeg.output(speech, f"file:{samples.absolute()}", format="s16le", **limit)
    dropped = ffmpeg.output(measured, "-", format="null", **limit)
    return ["-copyts", *ffmpeg.merge_outputs(written, dropped).get_args()]


def write_peaks(samples: Path, peaks: Path, check: Callable[[], None]) -> int:
    """Write the waveform: for each 20 ms one uint8, the highest amplitude on a scale to 255.

    Returns the number of peaks; the last one may cover less than 20 ms.
    """
    count = 0
    with peaks.open("wb") as file:
        for block in _blocks(samples):
            check()
            padded = np.pad(block, (0, -len(block) % _SAMPLES_PER_PEAK))
            highest = np.abs(padded.astype(np.int32)).reshape(-1, _SAMPLES_PER_PEAK).max(axis=1)
            file.write((highest * 255 // 32768).astype(np.uint8).tobytes())
            count += len(highest)
    return count


def write_loudness(log: Path, loudness: Path, check: Callable[[], None]) -> int:
    """Write momentary loudness (EBU R 128, 400 ms windows) as one int8 LUFS value per 100 ms.

    Values at or under the absolute gate are -70. Returns the number of values.
    """
    count = 0
    with loudness.open("wb") as file:
        for _, values in _logged(log):
            if "M" not in values:
                continue
            if count % 10_000 == 0:
                check()
            file.write(np.int8(_bounded(values["M"])).tobytes())
            count += 1
    return count


def _forward(
    on_progress: Callable[[float, float | None], None],
) -> Callable[[door.Progress], None]:
    def forward(report: door.Progress) -> None:
        on_progress(report.fraction or 0.0, report.seconds_left)

    return forward


def _blocks(samples: Path) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int16]]]:
    with samples.open("rb") as file:
        while data := file.read(_PEAKS_PER_BLOCK * _SAMPLES_PER_PEAK * 2):
            yield np.frombuffer(data[: len(data) // 2 * 2], "<i2")


def _logged(log: Path) -> Iterator[tuple[int, dict[str, float]]]:
    """Each measured 100 ms: (its number, the values after `lavfi.r128.`)."""
    number, values = -1, dict[str, float]()
    with log.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("frame:"):
                if values:
                    yield number, values
                number, values = number + 1, {}
            elif line.startswith("lavfi.r128."):
                key, _, value = line.removeprefix("lavfi.r128.").strip().partition("=")
                values[key] = _number(value)
    if values:
        yield number, values


def _integrated(log: Path) -> float | None:
    """The last integrated loudness; None when nothing was louder than the absolute gate."""
    latest: float | None = None
    for _, values in _logged(log):
        latest = values.get("I", latest)
    if latest is None or latest <= SILENT_LUFS:
        return None
    return latest


def _bounded(lufs: float) -> int:
    return int(min(max(round(lufs), SILENT_LUFS), 20))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float(SILENT_LUFS)
    return value if value == value else float(SILENT_LUFS)
