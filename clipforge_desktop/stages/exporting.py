"""Export: one clip becomes finished files, one per shape, by one ffmpeg process from the source.

Faces and cuts are looked up, the sound is prepared once, and then a single render decodes once
and encodes every output, captions included. Files appear whole and under names of their own, or
not at all; what is already there from the same recipe is used again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clipforge_desktop import __version__
from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.subtitles import write_srt
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import FramingKind, FramingPlan
from clipforge_desktop.domain.order import ExportedFile, ExportRequest, ExportResult
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import files, formats, framing, soundtrack
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import ClipClock, clip_clock
from clipforge_desktop.stages.export.colour import source_colour
from clipforge_desktop.stages.export.recipe import (
    RECIPE_VERSION,
    Ingredients,
    Recipe,
    write_recipe,
)
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from clipforge_desktop.stages.export.results import already_there, exported
from clipforge_desktop.stages.export.soundtrack import Soundtrack
from clipforge_desktop.stages.export.source import check_source, inside_source
from clipforge_desktop.stages.framing import LOOKING, look, studies_of

VERSION = 3

_STALL_S, _WIDE_STALL_S = 30.0, 120.0  # wide colours need a table before the first frame
_WHOLE = (FramingKind.FIT, FramingKind.WIDE)  # nobody needs to look for faces
_FRAMING_ENDS, _SOUND_ENDS, _RENDER_ENDS = 0.15, 0.22, 0.98


@dataclass(frozen=True)
class _Job:
    """The request with everything that follows from it by arithmetic."""

    request: ExportRequest
    path: Path
    folder: Path
    pieces: tuple[Piece, ...]
    clock: ClipClock
    words: tuple[Word, ...]

    @property
    def media(self) -> SourceMedia:
        return self.request.media

    def stem(self, aspect: str) -> str:
        return files.file_stem(self.request.stem, aspect)


def run(request: ExportRequest, context: StageContext) -> ExportResult:
    """Export one clip in every shape asked for.

    Raises InputError (aspect_not_understood, clip_outside_source, source_missing,
    source_changed), ClipForgeError (output_incomplete and what `media.ffmpeg` raises),
    PausingError (output_not_writable, disk_full) and CancelledError. After any of them no
    unfinished file is left.
    """
    job = _prepare(request)
    plans = _plans(job, context)
    recipes = {aspect: _ingredients(job, aspect, plan) for aspect, plan in plans.items()}
    finished = {
        aspect: found
        for aspect, ingredients in recipes.items()
        if (found := already_there(job.folder, job.stem(aspect), ingredients)) is not None
    }
    missing = [ingredients for aspect, ingredients in recipes.items() if aspect not in finished]
    notices: list[str] = []
    if missing:
        made, notices = _make(job, missing, context)
        finished |= made
    context.progress(1.0, "Exported")
    return ExportResult(tuple(finished[aspect] for aspect in recipes), tuple(notices))


def _prepare(request: ExportRequest) -> _Job:
    for aspect in request.options.aspects:
        formats.output_size(aspect)
    path = Path(request.path)
    check_source(path, request.media)
    pieces = inside_source(request.pieces, request.media.info.duration_s)
    rate = formats.output_rate(request.media.info.video)
    clock = clip_clock(pieces, rate, formats.AUDIO_HZ)
    folder = files.open_folder(request.options.out_dir)
    words = TimeMap(pieces).words(request.transcript.words)
    return _Job(request, path, folder, pieces, clock, words)


def _plans(job: _Job, context: StageContext) -> dict[str, FramingPlan]:
    """One plan per aspect, in the order asked for."""
    options, video = job.request.options, job.media.info.video
    aspects = list(dict.fromkeys(options.aspects))
    if video is None:
        return {
            aspect: framing.plain_plan(aspect, formats.output_size(aspect), job.clock.duration_s)
            for aspect in aspects
        }
    default = None if options.framing == "auto" else FramingKind(options.framing)
    if default in _WHOLE and not options.overrides:
        studies = studies_of(framing.unseen(job.pieces), job.media, aspects, job.clock)
    else:
        context.progress(0.0, LOOKING)
        scenes = look(
            job.path,
            job.media,
            job.pieces,
            context,
            lambda fraction: context.progress(fraction * _FRAMING_ENDS, LOOKING),
        )
        studies = studies_of(scenes, job.media, aspects, job.clock)
    return {study.aspect: study.plan(default, options.overrides) for study in studies}


def _ingredients(job: _Job, aspect: str, plan: FramingPlan) -> Ingredients:
    options, rate = job.request.options, job.clock.rate
    return Ingredients(
        content_key=job.media.content_key,
        stage_version=VERSION,
        aspect=aspect,
        size_px=formats.output_size(aspect),
        rate=(rate.numerator, rate.denominator),
        quality=options.quality,
        pieces=job.pieces,
        framing=plan,
        style=options.style,
        words=job.words,
    )


def _make(
    job: _Job, wanted: Sequence[Ingredients], context: StageContext
) -> tuple[dict[str, ExportedFile], list[str]]:
    """Render what is not there yet; by aspect, with what the creator should know."""
    needed_bytes = sum(_estimate(job.clock, ingredients) for ingredients in wanted)
    files.check_room(job.folder, needed_bytes)
    context.progress(_FRAMING_ENDS, "Preparing the sound")
    sound = soundtrack.make(job.path, job.media.info, job.clock, context)
    painters = _painters(job, wanted, context.fonts_dir)
    stems = [job.stem(ingredients.aspect) for ingredients in wanted]
    made: dict[str, ExportedFile] = {}
    with files.part_files(job.folder, stems) as sets:
        videos = [file_set.parts[".mp4"] for file_set in sets]
        try:
            _render(job, wanted, painters, videos, context)
            check_source(job.path, job.media)
            notices = [*sound.notices, *{note for p in painters for note in p.notices}]
            for ingredients, file_set in zip(wanted, sets, strict=True):
                ffmpeg.verify(file_set.parts[".mp4"], job.clock.duration_s)
                recipe = _recipe(job, ingredients, sound, file_set.parts[".mp4"], notices)
                made[ingredients.aspect] = _finish(job, recipe, file_set)
        except OSError as error:
            raise files.failed_to_write(error, job.folder, needed_bytes) from error
        except InputError:  # ffmpeg cannot tell which of its files has vanished
            files.check_folder(job.folder)
            raise
    return made, notices


def _estimate(clock: ClipClock, ingredients: Ingredients) -> int:
    return formats.estimated_bytes(
        ingredients.size_px, clock.rate, clock.duration_s, ingredients.quality
    )


def _painters(job: _Job, wanted: Sequence[Ingredients], fonts_dir: Path) -> list[CaptionPainter]:
    """One per output, or none at all."""
    style = job.request.options.style
    if style is None or not job.words:
        return []
    ensure_gui_application()
    load_font_folder(fonts_dir)
    return [
        CaptionPainter(job.words, style, ingredients.size_px, job.clock.duration_s)
        for ingredients in wanted
    ]


def _render(
    job: _Job,
    wanted: Sequence[Ingredients],
    painters: Sequence[CaptionPainter],
    videos: Sequence[Path],
    context: StageContext,
) -> None:
    clock = job.clock
    sheet = CaptionSheet(painters) if painters else None
    outputs = tuple(
        RenderOutput(ingredients.framing, ingredients.size_px, ingredients.quality, video)
        for ingredients, video in zip(wanted, videos, strict=True)
    )
    colour = None
    if job.media.info.video is not None:
        colour = source_colour(job.path, job.media.info, job.pieces[0].start_s, context.check)
    render = Render(job.path, job.media.info, clock, colour, outputs, sheet)
    total_s = clock.duration_s

    def report(now: ffmpeg.Progress) -> None:
        share = min(max(now.out_time_s / total_s, 0.0), 1.0)
        fraction = _SOUND_ENDS + share * (_RENDER_ENDS - _SOUND_ENDS)
        context.progress(fraction, _note(now.out_time_s, total_s), now.seconds_left)

    report_at_start = f"Rendering 0:00 of {_clock(total_s)}"
    context.progress(_SOUND_ENDS, report_at_start)
    ffmpeg.run(
        render_arguments(render, context.job_dir),
        context=context,
        working_dir=context.job_dir,
        total_s=total_s,
        on_progress=report,
        frames=sheet.frames(clock.frames, clock.rate, context.check) if sheet else None,
        stall_s=_WIDE_STALL_S if colour is not None and colour.is_wide else _STALL_S,
    )


def _recipe(
    job: _Job, ingredients: Ingredients, sound: Soundtrack, video: Path, notices: Sequence[str]
) -> Recipe:
    return Recipe(
        recipe_version=RECIPE_VERSION,
        app_version=__version__,
        key=ingredients.key,
        title=job.request.title,
        source_path=str(job.path),
        source_bytes=job.media.info.size_bytes,
        ingredients=ingredients,
        duration_s=job.clock.duration_s,
        video_bytes=video.stat().st_size,
        has_subtitles=bool(job.words),
        integrated_lufs=sound.integrated_lufs,
        true_peak_dbtp=sound.true_peak_dbtp,
        gain_db=sound.gain_db,
        notices=tuple(notices),
    )


def _finish(job: _Job, recipe: Recipe, file_set: files.FileSet) -> ExportedFile:
    if recipe.has_subtitles:
        write_srt(job.words, file_set.parts[".srt"], duration_s=job.clock.duration_s)
    write_recipe(recipe, file_set.parts[".json"])
    named = files.publish(file_set, recipe.key)
    return exported(job.folder, named.stem, recipe)


def _note(done_s: float, total_s: float) -> str:
    return f"Rendering {_clock(min(done_s, total_s))} of {_clock(total_s)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
