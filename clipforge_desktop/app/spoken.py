"""The words of a video or of one of its clips, ready to be written as subtitles.

Gathers what `captions.subtitles` writes, as the user corrected and cut it, and puts the
finished text into its file. No Qt: the window and the command line share it.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from clipforge_desktop.app.exchanging import shelf_of
from clipforge_desktop.domain.clip import Piece, Spoken
from clipforge_desktop.domain.cuts import Pace, tight_cuts
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.shown import Ground, caption_grounds
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.fillers import fillers_of
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, Source

SubtitleKind = Literal["srt", "vtt", "ass", "json"]
KINDS: tuple[SubtitleKind, ...] = get_args(SubtitleKind)
CLIP_SIZE_PX = (1080, 1920)
_CLIP_ASPECT = "9:16"


def find_source(store: Store, given: str) -> Source:
    """A video of the library by its file, or by its number in `clipforge library`.

    Raises InputError `video_unknown`.
    """
    path = Path(given).expanduser()
    sources = store.library.sources()
    for source in reversed(sources):
        if source.path == str(path.absolute()) or _is_same(path, source.path):
            return source
    for source in sources:
        if str(source.id) == given:
            return source
    raise InputError(
        "video_unknown",
        f"{path.name} is not in the library.",
        f"Run `clipforge process {path.name} --find-only` first, or see `clipforge library`.",
    )


def find_clip(store: Store, source: Source, number: int) -> Clip:
    """Clip `number` (from 1, best first) of a video. Raises InputError `clip_unknown`."""
    clips = store.library.clips_of_source(source.id)
    for clip in clips:
        if clip.rank == number:
            return clip
    there = f"It has clips 1 to {clips[-1].rank}." if clips else "It has no clips yet."
    raise InputError(
        "clip_unknown",
        f"{source.name} has no clip {number}.",
        f"{there} Leave --clip out for the whole video.",
    )


def find_clips(store: Store, source: Source, numbers: Sequence[int]) -> list[Clip]:
    """Clips of a video by their numbers, or the whole shelf. Raises what `find_clip` raises."""
    if not numbers:
        return shelf_of(store.library.clips_of_source(source.id))
    return [find_clip(store, source, number) for number in dict.fromkeys(numbers)]


def spoken_in(store: Store, source: Source, clip: Clip | None = None) -> Spoken:
    """The words of the clip, else of the whole video. Raises InputError `no_words`."""
    media = source.media
    transcript = store.library.transcript(media.content_key) if media is not None else None
    if media is None or transcript is None:
        raise InputError(
            "no_words",
            f"The words of {source.name} are not known yet.",
            f"Run `clipforge process {source.name} --find-only` first, or wait for it to be done.",
        )
    transcript = store.library.corrected(media.content_key, transcript)
    pieces = clip.pieces if clip is not None else (Piece(0.0, media.info.duration_s),)
    if not any(_is_heard(word, pieces) for word in transcript.words):
        what = "this clip" if clip is not None else source.name
        raise InputError(
            "no_words",
            f"Nobody speaks in {what}, or no words were recognised.",
            "Give its words with `clipforge process --transcript FILE`, then ask again.",
        )
    video = media.info.video
    whole_px = video.display_size_px if video is not None else CLIP_SIZE_PX
    size_px = CLIP_SIZE_PX if clip is not None else whole_px
    return Spoken(transcript.words, pieces, transcript.language, size_px)


def paced(
    store: Store, source: Source, clip: Clip, pace: Pace, *, without_fillers: bool = False
) -> Clip:
    """The clip as an export at this pace cuts it: the same, with more taken out."""
    media = source.media
    transcript = store.library.transcript(media.content_key) if media is not None else None
    if media is None or transcript is None or (pace == "spoken" and not without_fillers):
        return clip
    transcript = store.library.corrected(media.content_key, transcript)
    known = fillers_of(transcript.language) if without_fillers else None
    cuts = tight_cuts(clip.pieces, transcript.words, media.speech, pace, known)
    try:
        tight = replace(clip, edit=replace(clip.edit, cuts=(*clip.edit.cuts, *cuts)))
        return tight if tight.pieces else clip
    except InputError:  # nothing would be left
        return clip


def grounds_of(store: Store, clip: Clip) -> tuple[Ground, ...]:
    """What the clip's captions stand on in its shots, in the shape of CLIP_SIZE_PX.

    Nothing until somebody looked at it.
    """
    for study in store.library.studies(clip.id):
        if study.aspect == _CLIP_ASPECT:
            plan = study.plan(clip.edit.framing, clip.edit.overrides)
            return caption_grounds(study, plan, clip.pieces)
    return ()


def kind_of(file: Path) -> SubtitleKind:
    """What to write, by the file's ending. Raises InputError `subtitle_kind`."""
    for kind in KINDS:
        if file.suffix.casefold() == f".{kind}":
            return kind
    raise InputError(
        "subtitle_kind",
        f"{file.name} does not say which kind of subtitles it should be.",
        "Give a file that ends in .srt, .vtt, .ass or .json.",
    )


def save_text(file: Path, text: str, *, replaces: bool) -> None:
    """Write the file whole or not at all.

    Raises InputError `file_exists` unless it `replaces` one, `output_not_writable`.
    """
    if file.exists() and not (replaces and file.is_file()):
        raise InputError(
            "file_exists",
            f"There is already something called {file.name} in that folder.",
            "Give another name, or --overwrite to replace a file.",
        )
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise InputError(
            "output_not_writable",
            f"{file.name} cannot be written: {error.strerror or error}.",
            "Choose a folder that is there and that you may write to.",
        ) from error


def _is_heard(word: Word, pieces: tuple[Piece, ...]) -> bool:
    middle_s = (word.start_s + word.end_s) / 2
    return bool(word.text) and any(p.start_s <= middle_s < p.end_s for p in pieces)


def _is_same(path: Path, other: str) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False
