"""The batch that is looked at: clips as they will be exported, and every file they become."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from clipforge_desktop.app.clip_styles import with_own_style
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.cuts import middle_s, tight_pieces
from clipforge_desktop.domain.delivery import Delivery
from clipforge_desktop.domain.edit import NO_EDITS, ClipEdit
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.formats import estimated_bytes, output_rate, output_size
from clipforge_desktop.domain.framing import FramingKind, FramingPlan, FramingStudy
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.outputs import OutputWish, outputs
from clipforge_desktop.domain.preflight import Finding, Remedy
from clipforge_desktop.domain.shown import Ground, ShownFace, caption_grounds, shown_faces
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.fillers import fillers_of
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, Source

SAMPLE_WORDS = 48
"""So many words of a clip tell where captions stand; to measure all would take seconds."""

_SAME_SHAPE = 0.01
_MOST_KEPT = 4
_KEPT: dict[tuple[str, str, str], Transcript] = {}
_AROUND_S = 3.0  # words further from a clip do not change where it is cut


@dataclass(frozen=True)
class Output:
    """One file of one clip: what it is for, its size, and about how large it gets."""

    wish: OutputWish
    size_px: tuple[int, int]
    rate: Fraction
    about_bytes: int


@dataclass(frozen=True)
class Planned:
    """One clip as it will be exported. `words` are on its own clock."""

    clip: Clip
    source: Source
    media: SourceMedia
    options: ExportOptions
    transcript: Transcript | None
    pieces: tuple[Piece, ...]
    words: tuple[Word, ...]
    outputs: tuple[Output, ...]
    studies: tuple[FramingStudy, ...]

    @property
    def duration_s(self) -> float:
        return sum(piece.duration_s for piece in self.pieces)

    def under(self, options: ExportOptions) -> "Planned":
        """The same clip, exported otherwise; how it is cut stays."""
        own = with_own_style(self.clip, options)
        made = tuple(_output(wish, own, self.media, self.pieces) for wish in outputs(own))
        return replace(self, options=own, outputs=made)

    def framed(self, size_px: tuple[int, int]) -> tuple[FramingStudy, FramingPlan] | None:
        """How it is framed in the shape of that size, once somebody looked at it."""
        for study in self.studies:
            if _is_shape(output_size(study.aspect), size_px):
                edit, options = self.clip.edit, self.options
                wanted = None if options.framing == "auto" else FramingKind(options.framing)
                overrides = edit.overrides or options.overrides
                return study, study.plan(edit.framing or wanted, overrides)
        return None

    def shown(self, size_px: tuple[int, int]) -> tuple[tuple[ShownFace, ...], tuple[Ground, ...]]:
        """The faces in the picture of that size, and what captions stand on in its shots."""
        framed = self.framed(size_px)
        if framed is None:
            return (), ()
        faces = shown_faces(*framed, self.pieces, size_px)
        return faces, caption_grounds(*framed, self.pieces)


@dataclass(frozen=True)
class Batch:
    """`options` are as they were asked for, before any clip's own style."""

    store: Store
    options: ExportOptions
    planned: tuple[Planned, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.clip.id for one in self.planned)


def gather(
    store: Store,
    clip_ids: Sequence[int],
    options: ExportOptions,
    edits: Mapping[int, ClipEdit] = NO_EDITS,
) -> tuple[Batch, list[Finding]]:
    """The clips that can be planned, and a finding for each that cannot."""
    planned, findings = [], []

    @cache
    def source_of(source_id: int) -> Source:
        return store.library.source(source_id)

    @cache
    def transcript_of(content_key: str) -> Transcript | None:
        return _transcript(store, content_key)

    for clip_id in dict.fromkeys(clip_ids):
        clip = store.library.clip(clip_id)
        clip = replace(clip, edit=edits.get(clip_id, clip.edit))
        source = source_of(clip.source_id)
        if source.media is None:
            continue  # its import runs anew: nothing is known of it now
        transcript = transcript_of(source.media.content_key)
        try:
            planned.append(_planned(store, clip, source, source.media, options, transcript))
        except ClipForgeError as error:
            failure = error.failure
            leave = Remedy(f"Leave “{clip.title}” out", without=(clip.id,))
            message = f"“{clip.title}”: {failure.message} {failure.next_step}"
            findings.append(Finding(failure.code, message, (clip.id,), leave, is_blocking=True))
    return Batch(store, options, tuple(planned)), findings


def _transcript(store: Store, content_key: str) -> Transcript | None:
    """The words as corrected; those of long videos are kept from one question to the next."""
    known = (str(store.home.root), content_key, store.library.words_mark(content_key))
    kept = _KEPT.get(known)
    if kept is not None:
        return kept
    found = store.library.transcript(content_key)
    if found is None:
        return None
    while len(_KEPT) >= _MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    corrected = _KEPT[known] = store.library.corrected(content_key, found)
    return corrected


def _planned(
    store: Store,
    clip: Clip,
    source: Source,
    media: SourceMedia,
    options: ExportOptions,
    transcript: Transcript | None,
) -> Planned:
    own = with_own_style(clip, options)
    near = _near(clip.pieces, transcript)
    pieces = clip.pieces
    if own.pace != "spoken" or own.cut_fillers:
        language = transcript.language if transcript is not None else ""
        known = fillers_of(language) if own.cut_fillers else None
        pieces = tight_pieces(pieces, near, media.speech, own.pace, known)
    return Planned(
        clip=clip,
        source=source,
        media=media,
        options=own,
        transcript=transcript,
        pieces=pieces,
        words=TimeMap(pieces).words(near),
        outputs=tuple(_output(wish, own, media, pieces) for wish in outputs(own)),
        studies=store.library.studies(clip.id),
    )


def _near(pieces: Sequence[Piece], transcript: Transcript | None) -> tuple[Word, ...]:
    """The words around a clip: going through those of three hours for each would take long."""
    if transcript is None:
        return ()
    start_s = min(piece.start_s for piece in pieces) - _AROUND_S
    end_s = max(piece.end_s for piece in pieces) + _AROUND_S
    words = transcript.words
    return words[
        bisect_left(words, start_s, key=middle_s) : bisect_right(words, end_s, key=middle_s)
    ]


def _output(
    wish: OutputWish, options: ExportOptions, media: SourceMedia, pieces: Sequence[Piece]
) -> Output:
    delivery, video = wish.delivery, media.info.video
    own_px = video.display_size_px if video is not None else None
    size_px = output_size(wish.aspect, delivery.short_side_px, own_px)
    rate = output_rate(video, delivery.most_fps)
    length_s = sum(piece.duration_s for piece in pieces)
    quality = delivery.quality or options.quality
    return Output(wish, size_px, rate, estimated_bytes(size_px, rate, length_s, quality))


def _is_shape(one_px: tuple[int, int], other_px: tuple[int, int]) -> bool:
    return abs(one_px[0] * other_px[1] / (one_px[1] * other_px[0]) - 1) < _SAME_SHAPE


def named(delivery: Delivery) -> str:
    return delivery.name or delivery.platform or "this platform"


def smaller(options: ExportOptions, short_side_px: int) -> ExportOptions:
    """The options with no file larger than this; shapes that are given in pixels stay."""
    deliveries = tuple(
        replace(one, short_side_px=min(one.short_side_px, short_side_px))
        for one in options.deliveries
    )
    return replace(options, deliveries=deliveries)
