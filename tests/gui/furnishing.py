"""Furnishes a library with rows as the workshop would leave them: real files, real store.

Posters, thumbnails and waveforms are cut from a given video by ffmpeg, so that the window shows
true pictures without running the stages.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg

from clipforge_desktop.domain.clip import FoundClip, Piece, ScorePart
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, Order
from clipforge_desktop.domain.pipeline import export_job
from clipforge_desktop.domain.source import (
    AudioStream,
    MediaInfo,
    SourceMedia,
    SpeechRange,
    VideoStream,
)
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.job_work import ProgressReport
from tests.media_maker import ffmpeg

TILE = (160, 90)
TILES = 40
TITLES = (
    "Nobody shared it for the lens",
    "Three words that ended the meeting",
    "Why I fired my best client",
    "The 40 dollar studio",
    "What the data did not say",
    "One sentence to stop a room",
    "The night we almost quit",
    "A pause is worth a paragraph",
    "Ask the second question",
)
SENTENCES = (
    "The biggest mistake I made was waiting for the perfect camera.",
    "Nobody ever shared a video because the lens was expensive.",
    "They shared it because it said something they already felt.",
    "So start with the phone in your pocket and one honest sentence.",
)


def video_stream(size: tuple[int, int] = (1280, 720), is_hdr: bool = False) -> VideoStream:
    return VideoStream(0, "h264", *size, 30.0, False, 0, False, (1, 1), "yuv420p", is_hdr, "bt709")


def media_of(
    home: Home, path: Path, key: str, duration_s: float, size: tuple[int, int] = (1280, 720)
) -> SourceMedia:
    """Cuts poster, thumbnails and waveform from the file; `duration_s` may be any claim."""
    cache = home.cache / key
    (cache / "clips").mkdir(parents=True, exist_ok=True)
    ffmpeg("-ss", "1", "-i", path, "-frames:v", "1", "-vf", "scale=640:-2", cache / "poster.jpg")
    peaks = peaks_of(path)
    step_s = max(len(peaks) / 50 / TILES, 0.1)
    tiles = f"fps=1/{step_s},scale={TILE[0]}:{TILE[1]},tile=10x{TILES // 10}"
    ffmpeg("-i", path, "-frames:v", "1", "-vf", tiles, cache / "thumbnails.jpg")
    (cache / "waveform.u8").write_bytes(peaks)
    times_s = tuple(place * step_s for place in range(TILES))
    return replace(plain_media(key, duration_s, size), thumbnail_times_s=times_s)


def plain_media(key: str, duration_s: float, size: tuple[int, int] = (1280, 720)) -> SourceMedia:
    """What import says of a video; the files that it names are up to the caller."""
    return SourceMedia(
        content_key=key,
        info=MediaInfo(
            "mp4", 1000, duration_s, 0.0, video_stream(size),
            (AudioStream(1, "aac", 1, 48000, ""),),
        ),
        poster="poster.jpg",
        thumbnails="thumbnails.jpg",
        thumbnail_times_s=tuple(place * duration_s / TILES for place in range(TILES)),
        thumbnail_size_px=TILE,
        audio=None,
        waveform="waveform.u8",
        loudness=None,
        integrated_lufs=-18.0,
        speech=(SpeechRange(0.0, duration_s),),
    )  # fmt: skip


def peaks_of(path: Path) -> bytes:
    """50 peaks a second of the file's sound."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    command += ["-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    samples = memoryview(raw[: len(raw) // 2 * 2]).cast("h")
    return bytes(
        min(255, max(abs(value) for value in samples[start : start + 160]) >> 7)
        for start in range(0, len(samples) - 160, 160)
    )


def transcript_of(
    sentences: Sequence[tuple[float, float, str]], origin: str = "whisper"
) -> Transcript:
    """Words spread evenly over their sentences: (start, end, text)."""
    words: list[Word] = []
    ranges = []
    for start_s, end_s, text in sentences:
        parts = text.split()
        step_s = (end_s - start_s) / len(parts)
        ranges.append(Sentence(len(words), len(words) + len(parts)))
        words += [
            Word(start_s + n * step_s, start_s + (n + 1) * step_s, part, 0.9)
            for n, part in enumerate(parts)
        ]
    assert origin in ("whisper", "draft", "sidecar", "none")
    return Transcript("en", origin, "test", tuple(words), tuple(ranges))


def spoken(duration_s: float, every_s: float = 3.0) -> list[tuple[float, float, str]]:
    """Sentences one after another through the whole video."""
    lines = []
    start_s = 0.0
    while start_s + every_s <= duration_s:
        text = SENTENCES[len(lines) % len(SENTENCES)]
        lines.append((start_s, start_s + every_s - 0.2, text))
        start_s += every_s
    return lines


def found(
    place: int, pieces: Sequence[tuple[float, float]], *, is_on_shelf: bool = True
) -> FoundClip:
    return FoundClip(
        pieces=tuple(Piece(start_s, end_s) for start_s, end_s in pieces),
        score=96 - 5 * place,
        category="story",
        reasons=(
            ScorePart("Hook", 0.92 - place / 20),
            ScorePart("Complete thought", 0.84 - place / 30),
            ScorePart("Energy", 0.61),
            ScorePart("Topic held", 0.77),
        ),
        advice="Starts with a confession and ends on its answer. A shorter pause would raise it.",
        title=TITLES[place % len(TITLES)],
        is_on_shelf=is_on_shelf,
    )


def add_source(
    store: Store, path: Path, name: str, media: SourceMedia | None = None
) -> tuple[int, int]:
    """(source id, order id); each name is a source of its own."""
    size_bytes = path.stat().st_size if path.is_file() else 1000
    moment_ns = len(store.library.sources()) + 1
    source_id = store.library.add_source(str(path), name, size_bytes, moment_ns)
    if media is not None:
        store.library.set_media(source_id, media)
    return source_id, store.library.add_order(source_id, Order())


def add_job(
    store: Store, queue: Queue, source_id: int, order_id: int, state: JobState = JobState.QUEUED,
    *, progress: float = 0.0, note: str = "", left_s: float | None = None,
    failure: Failure | None = None,
) -> int:  # fmt: skip
    """A job brought into `state` by the moves that a worker makes."""
    job_id = store.jobs.add(NewJob(queue, source_id, order_id, f"{queue}:{order_id}", "{}"))
    return move_job(store, job_id, state, progress, note, left_s, failure)


def move_job(
    store: Store, job_id: int, state: JobState, progress: float = 0.0, note: str = "",
    left_s: float | None = None, failure: Failure | None = None,
) -> int:  # fmt: skip
    if state is JobState.QUEUED:
        return job_id
    job = store.jobs.claim(job_id, "worker")
    assert job is not None
    assert job.token is not None
    store.jobs.report([ProgressReport(job_id, job.token, progress, note, left_s)])
    reason = failure or Failure("broken", "It broke.", "Try again.")
    if state is JobState.DONE:
        store.jobs.finish(job_id, job.token, '{"parameters":"p"}')
    elif state is JobState.FAILED:
        store.jobs.fail(job_id, job.token, reason)
    elif state is JobState.PAUSED:
        store.jobs.pause_running(job_id, job.token, reason)
    return job_id


def add_clips(store: Store, source_id: int, order_id: int, clips: Sequence[FoundClip]) -> list[int]:
    """Clips on the shelf, the stages before them done."""
    for queue in (Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION):
        add_job(store, queue, source_id, order_id, JobState.DONE)
    return store.library.save_clips(source_id, order_id, clips)


def add_export(
    store: Store, home: Home, source_id: int, order_id: int, clip_id: int, video: Path
) -> int:
    """A clip that was exported to `video`."""
    clip = store.library.clip(clip_id)
    options = ExportOptions(str(video.parent))
    job_id = store.jobs.add(
        export_job(source_id, "talk", order_id, clip_id, clip.rank, clip.found.title, options)
    )
    move_job(store, job_id, JobState.DONE)
    recipe = str(video.with_suffix(".json"))
    size_bytes = video.stat().st_size if video.is_file() else 1000
    file = ExportedFile("9:16", str(video), None, recipe, size_bytes, 5.0, -14.0)
    store.library.save_export(job_id, clip_id, file)
    return job_id
