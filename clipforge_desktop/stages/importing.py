"""Import: from a file that somebody dropped to everything the later stages need to know of it.

Probe, content key, poster (first, so that its card has a face), one decode of the sound with
waveform, loudness and speech ranges, thumbnails. The source is only read; what is computed lies in
its cache folder. A part that is finished is kept when the job is killed and not made again.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from clipforge_desktop.domain.errors import (
    CancelledError,
    ClipForgeError,
    InputError,
    PausingError,
    TransientError,
)
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import ImportRequest, ImportResult, decode, encode
from clipforge_desktop.domain.source import MediaInfo, SourceMedia, SpeechRange
from clipforge_desktop.domain.stage import VERSIONS, StageContext
from clipforge_desktop.media import audio, frames
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.media.probe import probe
from clipforge_desktop.speech.voice import find_speech

VERSION = VERSIONS[Queue.IMPORT]

POSTER = "poster.jpg"
THUMBNAILS = "thumbnails.jpg"
SAMPLES = "audio.s16"
WAVEFORM = "waveform.u8"
LOUDNESS = "loudness.i8"

_BYTES_PER_S = 32_000 + 2_500  # samples, and the log that loudness is read from
_MEASURABLE_S = 1.0  # shorter sounds have no loudness even when they are not silent
_SHARES = {"sound": (0.05, 0.55), "speech": (0.55, 0.70), "thumbnails": (0.70, 0.99)}


@dataclass(frozen=True)
class _Sound:
    """What listening gave. `content_key` says of which source, when read from a checkpoint."""

    content_key: str
    duration_s: float
    integrated_lufs: float | None
    speech: tuple[SpeechRange, ...]


def run(request: ImportRequest, context: StageContext) -> ImportResult:
    """Learn everything about one file.

    Raises what `media.probe.probe` and `media.ffmpeg.run` raise, InputError("source_changed") and
    ("source_missing") when the file does not stay the same meanwhile, PausingError("disk_full").
    """
    path = Path(request.path)
    context.progress(0.0, "Looking into the file")
    info = probe(path, context.check)
    with _unchanged(path) as key:
        return ImportResult(_Import(path, info, key, context).media())


class _Import:
    """The parts of one import; each part works on its own and adds its notice."""

    def __init__(self, path: Path, info: MediaInfo, key: str, context: StageContext) -> None:
        self._path, self._info, self._key, self._context = path, info, key, context
        self._folder = context.cache_dir(key)
        self._notices = list(info.notices)

    def media(self) -> SourceMedia:
        poster = self._poster()
        sound = self._sound()
        thumbnails = self._thumbnails()
        self._context.progress(1.0, "Imported")
        return SourceMedia(
            content_key=self._key,
            info=self._final_info(sound),
            poster=poster,
            thumbnails=THUMBNAILS if thumbnails else None,
            thumbnail_times_s=thumbnails.times_s if thumbnails else (),
            thumbnail_size_px=thumbnails.tile_px if thumbnails else (0, 0),
            audio=SAMPLES if sound else None,
            waveform=WAVEFORM if sound else None,
            loudness=LOUDNESS if sound else None,
            integrated_lufs=sound.integrated_lufs if sound else None,
            speech=sound.speech if sound else (),
        )

    def _poster(self) -> str | None:
        if self._info.video is None:
            return None
        self._context.progress(0.02, "Choosing the poster")
        try:
            pixels = frames.poster(self._path, self._info, self._context.check)
        except ClipForgeError as error:
            self._bear(error, "The picture cannot be decoded; only the sound is used.")
            return None
        with _written(self._folder / POSTER) as part:
            frames.write_jpeg(pixels, part)
        early = SourceMedia(
            self._key, self._info, POSTER, None, (), (0, 0), None, None, None, None, ()
        )
        self._context.save_checkpoint("poster", encode(early))
        return POSTER

    def _sound(self) -> _Sound | None:
        if not self._info.audio:
            self._notices.append("There is no sound; clips are found by the picture alone.")
            return None
        kept = self._kept_sound()
        if kept is not None:
            return kept
        try:
            sound = self._listen()
        except ClipForgeError as error:
            self._bear(error, "The sound cannot be decoded; clips are found by the picture alone.")
            return None
        self._context.save_checkpoint("sound", encode(sound))
        return sound

    def _kept_sound(self) -> _Sound | None:
        payload = self._context.load_checkpoints().get("sound")
        if payload is None:
            return None
        kept = decode(_Sound, payload)
        files = (SAMPLES, WAVEFORM, LOUDNESS)
        is_there = all((self._folder / name).is_file() for name in files)
        return kept if kept.content_key == self._key and is_there else None

    def _listen(self) -> _Sound:
        total_s = self._info.duration_s
        _ensure_room(self._folder, round(total_s * _BYTES_PER_S))

        def report(fraction: float, left_s: float | None) -> None:
            note = f"Listening: {_clock(fraction * total_s)} of {_clock(total_s)}"
            self._report("sound", fraction, note, left_s)

        self._report("sound", 0.0, "Listening")
        with _written(self._folder / SAMPLES) as part:
            decoded = audio.decode(
                self._path, self._info, part, context=self._context, on_progress=report
            )
            if decoded.duration_s == 0:
                raise InputError(
                    "no_sound", "There is no sound in this file.", "Choose another file."
                )
        samples = self._folder / SAMPLES
        check = self._context.check
        with _written(self._folder / WAVEFORM) as part:
            audio.write_peaks(samples, part, check)
        with _written(self._folder / LOUDNESS) as part:
            audio.write_loudness(decoded.loudness_log, part, check)
        speech = find_speech(
            samples,
            check=check,
            on_progress=lambda fraction: self._report("speech", fraction, "Finding speech"),
        )
        return _Sound(self._key, decoded.duration_s, decoded.integrated_lufs, speech)

    def _thumbnails(self) -> frames.Thumbnails | None:
        if self._info.video is None:
            return None
        self._report("thumbnails", 0.0, "Drawing thumbnails")
        try:
            drawn = frames.thumbnails(
                self._path,
                self._info,
                self._context.check,
                lambda fraction: self._report("thumbnails", fraction, "Drawing thumbnails"),
            )
        except ClipForgeError as error:
            self._bear(error, "The picture cannot be decoded; only the sound is used.")
            return None
        with _written(self._folder / THUMBNAILS) as part:
            frames.write_jpeg(drawn.sheet, part)
        return drawn

    def _final_info(self, sound: _Sound | None) -> MediaInfo:
        """What probing said, with what decoding has found to be truer."""
        info = self._info
        if sound is not None and sound.integrated_lufs is None and sound.duration_s > _MEASURABLE_S:
            self._notices.append("The sound is silent.")
        elif sound is not None and not sound.speech:
            self._notices.append("No speech was heard in this file.")
        duration_s = info.duration_s
        if info.video is None and sound is not None:
            duration_s = sound.duration_s
        return replace(info, duration_s=duration_s, notices=tuple(dict.fromkeys(self._notices)))

    def _bear(self, error: ClipForgeError, notice: str) -> None:
        """Go on without this part when the other one can be used; else `error` is the end."""
        if isinstance(error, CancelledError | PausingError | TransientError):
            raise error
        if self._info.video is None or not self._info.audio or notice in self._notices:
            raise error
        self._context.log(f"{error.failure.code}: {error}")
        self._notices.append(notice)

    def _report(
        self, part: str, fraction: float, note: str, seconds_left: float | None = None
    ) -> None:
        first, last = _SHARES[part]
        self._context.progress(first + (last - first) * fraction, note, seconds_left)


@contextlib.contextmanager
def _unchanged(path: Path) -> Iterator[str]:
    """The file's content key; at the end, and before any error counts, it must still be so."""
    before, key = _fingerprint(path), _key(path)
    try:
        yield key
    except (CancelledError, PausingError):
        raise
    except ClipForgeError:
        if _fingerprint(path) != before:
            raise _source_changed() from None
        raise
    if _fingerprint(path) != before or _key(path) != key:
        raise _source_changed()


def _fingerprint(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise _source_missing() from error
    return status.st_size, status.st_mtime_ns


def _key(path: Path) -> str:
    try:
        return content_key(path)
    except OSError as error:
        raise _source_missing() from error


@contextlib.contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A `.part` file that takes its name when it is complete, and is gone otherwise."""
    part = target.with_name(target.name + ".part")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(None) from error
        raise PausingError(
            "home_not_writable",
            f"ClipForge's own folder cannot be written to: {error.strerror or error}.",
            "Make it writable, then press Retry.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _ensure_room(folder: Path, needed_bytes: int) -> None:
    if shutil.disk_usage(folder).free < needed_bytes:
        raise _disk_full(needed_bytes)


def _disk_full(needed_bytes: int | None) -> PausingError:
    amount = f"about {max(needed_bytes // 1_000_000, 1):,} MB" if needed_bytes else "some space"
    return PausingError(
        "disk_full",
        f"The disk is full: {amount} is needed for the sound of this video.",
        "Free some space, then press Retry; finished parts are kept.",
    )


def _source_changed() -> InputError:
    return InputError(
        "source_changed",
        "The file changed while it was being read.",
        "Wait until it is copied or recorded in full, then add it again.",
    )


def _source_missing() -> InputError:
    return InputError(
        "source_missing",
        "The video is not where it was.",
        "Plug its drive in or bring it back, then press Retry; or add it from its new place.",
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
