"""From ingredients to finished files: sound, captions, one render for as many as memory allows.

Nothing here decides what is made; that is in the `Ingredients`, so the same ones give the same
file again. Every output of a group comes from one ffmpeg and one decode. An encoder that fails
gives way to the next one within the job.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from clipforge_desktop import __version__
from clipforge_desktop.captions.subtitles import write_srt
from clipforge_desktop.domain.errors import (
    CancelledError,
    ClipForgeError,
    InputError,
    PausingError,
)
from clipforge_desktop.domain.order import ExportedFile
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.media import encoders, ffmpeg
from clipforge_desktop.media.encoders import HardwareEncoder
from clipforge_desktop.stages.export import copying, files, formats, soundtrack
from clipforge_desktop.stages.export.clock import ClipClock
from clipforge_desktop.stages.export.colour import source_colour
from clipforge_desktop.stages.export.groups import Twins, Wanted, groups
from clipforge_desktop.stages.export.painting import sheet_of
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.recipe import (
    COPIED,
    RECIPE_VERSION,
    Ingredients,
    Recipe,
    write_recipe,
)
from clipforge_desktop.stages.export.render import (
    Render,
    RenderOutput,
    render_arguments,
    sheet_frames,
)
from clipforge_desktop.stages.export.results import exported
from clipforge_desktop.stages.export.soundtrack import Soundtrack
from clipforge_desktop.stages.export.source import check_source

_STALL_S, _WIDE_STALL_S = 30.0, 120.0  # wide colours need a table before the first frame
_SOUND_BEGINS, _SOUND_ENDS, _RENDER_ENDS = 0.15, 0.22, 0.98


@dataclass(frozen=True)
class Clip:
    """What all files of one export have in common. `words` are on the clip's clock.

    `threads` are those of each x264: they decide on frames, too, so the recipe tells them.
    """

    path: Path
    media: SourceMedia
    folder: Path
    clock: ClipClock
    words: tuple[Word, ...]
    title: str
    threads: int


@dataclass(frozen=True)
class Made:
    """The files by their wanted names, and what the creator should know."""

    files: dict[str, ExportedFile]
    notices: tuple[str, ...]


def make(clip: Clip, wanted: Sequence[Wanted], context: StageContext) -> Made:
    """Render all of `wanted`; a picture that several of them show is encoded once.

    Raises what `media.ffmpeg` raises, ClipForgeError (output_incomplete, output_too_large),
    PausingError (output_not_writable, output_missing, disk_full) and CancelledError.
    """
    files.check_room(clip.folder, sum(_estimate(clip, one.ingredients) for one in wanted))
    making = _Making(clip, context, wanted)
    waiting = groups(wanted)
    while waiting:
        try:
            making.render(waiting[0])
            waiting.pop(0)
        except _GiveWayError as reason:
            making.gave_way.append(reason)
            rest = [one for group in waiting for twins in group for one in twins]
            waiting = groups([reason.instead_of(one) for one in rest])
    for given_way in making.gave_way:  # only now: x264 did well, so it was the encoder
        if given_way.has_failed is not None:
            encoders.failed(given_way.has_failed, context)
        if str(given_way):
            making.notices.append(str(given_way))
    return Made(making.made, tuple(dict.fromkeys(making.notices)))


class _GiveWayError(Exception):
    """Outputs that would use the encoder `codec` take their next choice; `why` may be ""."""

    def __init__(self, codec: str, why: str, has_failed: HardwareEncoder | None = None) -> None:
        super().__init__(why)
        self.codec, self.has_failed = codec, has_failed

    def instead_of(self, wanted: Wanted) -> Wanted:
        if wanted.ingredients.encoder != self.codec:
            return wanted
        ingredients = replace(wanted.ingredients, encoder=wanted.otherwise[0])
        return replace(wanted, ingredients=ingredients, otherwise=wanted.otherwise[1:])


class _Making:
    """One job's way through its groups: what is made so far, and what was learned."""

    def __init__(self, clip: Clip, context: StageContext, wanted: Sequence[Wanted]) -> None:
        self.made: dict[str, ExportedFile] = {}
        self.notices: list[str] = []
        self.gave_way: list[_GiveWayError] = []
        self._clip = clip
        self._context = context
        self._total = len(wanted)
        self._over_cap: set[str] = set()
        context.progress(_SOUND_BEGINS, "Preparing the sound")
        self._sounds = {
            wish: soundtrack.make(clip.path, clip.media.info, clip.clock, context, wish)
            for wish in dict.fromkeys(one.ingredients.sound for one in wanted)
        }
        self._colour: Colour | None = None
        if clip.media.info.video is not None:
            first_s = clip.clock.pieces[0].start_s
            self._colour = source_colour(clip.path, clip.media.info, first_s, context.check)

    def render(self, group: Sequence[Twins]) -> None:
        """Render, check and publish one group."""
        clip = self._clip
        needed_bytes = sum(_estimate(clip, one.ingredients) for twins in group for one in twins)
        names = [one.name for twins in group for one in twins]
        with files.part_files(clip.folder, names) as sets:
            parts = dict(zip(names, sets, strict=True))
            try:
                painted = self._encode(group, parts)
                for twins in group:
                    self._give_sounds(twins, parts)
                together = [one for twins in group for one in twins]
                for one in together:
                    _check_size(one, parts[one.name].parts[".mp4"])
                for one in together:
                    self._publish(one, parts[one.name], painted)
            except OSError as error:
                raise files.failed_to_write(error, clip.folder, needed_bytes) from error
            except InputError:  # ffmpeg cannot tell which of its files has vanished
                files.check_folder(clip.folder)
                raise
        self.notices += painted

    def _encode(self, group: Sequence[Twins], parts: dict[str, files.FileSet]) -> list[str]:
        """Write the videos of a group; what the creator should know of its captions."""
        clip, context = self._clip, self._context
        wanted = [twins[0].ingredients for twins in group]
        if wanted[0].encoder == COPIED:
            self._copy(group[0][0], parts[group[0][0].name].parts[".mp4"])
            return []
        sheet, strips, notices = sheet_of(
            clip.path, clip.media, wanted, clip.words, clip.clock, context
        )
        outputs = tuple(
            self._output(twins[0], own, parts[twins[0].name].parts[".mp4"])
            for twins, own in zip(group, strips, strict=True)
        )
        render = Render(
            clip.path, clip.media.info, clip.clock, self._colour, outputs, sheet, clip.threads
        )
        hardware = next((out.hardware for out in outputs if out.hardware is not None), None)
        try:
            self._run(render)
            check_source(clip.path, clip.media)
            for output in outputs:
                ffmpeg.verify(output.file, clip.clock.duration_s)
        except (CancelledError, PausingError):
            raise
        except ClipForgeError as error:
            if hardware is None:
                raise
            context.log(f"{hardware.name} failed: {error.failure.message}")
            raise _GiveWayError(
                hardware.codec,
                f"The graphics chip's encoder ({hardware.name}) failed, so the processor did "
                "the work. The chip is tried again tomorrow.",
                hardware,
            ) from error
        over = {
            made_of.key
            for made_of, output in zip(wanted, outputs, strict=True)
            if output.most_bits_s is None and self._is_over_cap(made_of, output.file)
        }
        self._over_cap |= over
        return self._encode(group, parts) if over else notices

    def _is_over_cap(self, made_of: Ingredients, video: Path) -> bool:
        """Asked of the file and its own ingredients alone, so that it is the same answer again."""
        most, seconds = made_of.most_bits_s, self._clip.clock.duration_s + formats.BUFFER_S
        return most is not None and 8 * video.stat().st_size > most * seconds

    def _give_sounds(self, twins: Twins, parts: dict[str, files.FileSet]) -> None:
        """The picture of the first of them under its own sound for each of the others."""
        first, made = twins[0], parts[twins[0].name].parts[".mp4"]
        for one in twins[1:]:
            video, wish = parts[one.name].parts[".mp4"], one.ingredients.sound
            if wish == first.ingredients.sound:
                shutil.copyfile(made, video)
            else:
                copying.with_sound(made, self._sounds[wish].file, video, self._context)
                ffmpeg.verify(video, self._clip.clock.duration_s)

    def _copy(self, wanted: Wanted, video: Path) -> None:
        """Take over the source's own pictures. Raises _GiveWayError when it does not come out."""
        clip, context, made_of = self._clip, self._context, wanted.ingredients
        info, sound = clip.media.info, self._sounds[made_of.sound].file
        context.progress(_SOUND_ENDS, "Copying the picture")
        cut = copying.find_cut(
            clip.path, info, clip.clock, made_of, wanted.largest_bytes, context.check
        )
        try:
            if cut is not None and copying.copy(clip.path, info, cut, sound, video, context):
                check_source(clip.path, clip.media)
                ffmpeg.verify(video, clip.clock.duration_s)
                return
        except (CancelledError, PausingError):
            raise
        except ClipForgeError as error:
            context.log(f"Copying the picture failed: {error.failure.message}")
        check_source(clip.path, clip.media)
        raise _GiveWayError(COPIED, "")

    def _output(self, wanted: Wanted, strips: tuple[int, ...], video: Path) -> RenderOutput:
        made_of = wanted.ingredients
        hardware, most_bits_s = encoders.named(made_of.encoder), made_of.most_bits_s
        is_free = hardware is None and made_of.key not in self._over_cap
        if is_free and most_bits_s and not formats.is_tight(most_bits_s, made_of.size_px):
            most_bits_s = None
        return RenderOutput(
            plan=made_of.framing,
            size_px=made_of.size_px,
            quality=made_of.quality,
            file=video,
            strips=strips,
            every=made_of.every,
            most_bits_s=most_bits_s,
            sound=self._sounds[made_of.sound].file,
            hardware=hardware,
        )

    def _run(self, render: Render) -> None:
        context, total_s = self._context, render.clock.duration_s
        room = _RENDER_ENDS - _SOUND_ENDS
        done, share = len(self.made) / self._total, len(render.outputs) / self._total
        begins = _SOUND_ENDS + room * done

        def report(now: ffmpeg.Progress) -> None:
            own = min(max(now.out_time_s / total_s, 0.0), 1.0)
            fraction = begins + room * min(share, 1 - done) * own
            context.progress(fraction, _note(now.out_time_s, total_s), now.seconds_left)

        context.progress(begins, _note(0.0, total_s))
        ffmpeg.run(
            render_arguments(render, context.job_dir),
            context=context,
            working_dir=context.job_dir,
            total_s=total_s,
            on_progress=report,
            frames=sheet_frames(render, context.check),
            stall_s=_WIDE_STALL_S if render.colour and render.colour.is_wide else _STALL_S,
        )

    def _publish(self, wanted: Wanted, file_set: files.FileSet, painted: Sequence[str]) -> None:
        """Give one file its name, its subtitles and its recipe."""
        clip, sound = self._clip, self._sounds[wanted.ingredients.sound]
        if clip.words:
            write_srt(clip.words, file_set.parts[".srt"], duration_s=clip.clock.duration_s)
        recipe = _recipe(clip, wanted, sound, file_set.parts[".mp4"], [*sound.notices, *painted])
        write_recipe(recipe, file_set.parts[".json"])
        named = files.publish(file_set, recipe.key)
        self.made[wanted.name] = exported(clip.folder, named.stem, recipe)
        self.notices += sound.notices


def _check_size(wanted: Wanted, video: Path) -> None:
    """Raises _GiveWayError where x264 can do better, else ClipForgeError("output_too_large")."""
    largest, size_bytes = wanted.largest_bytes, video.stat().st_size
    if largest is None or size_bytes <= largest:
        return
    hardware = encoders.named(wanted.ingredients.encoder)
    if hardware is not None:
        raise _GiveWayError(
            hardware.codec,
            f"{hardware.name} made a file larger than the platform takes, so the processor made "
            "it, which keeps to the limit.",
        )
    raise ClipForgeError(
        "output_too_large",
        f"The file has {size_bytes / 1e6:.1f} MB; {largest / 1e6:.1f} MB are allowed.",
        "Allow a larger file, choose another platform, or make the clip shorter.",
    )


def _estimate(clip: Clip, made_of: Ingredients) -> int:
    return formats.estimated_bytes(
        made_of.size_px, Fraction(*made_of.rate), clip.clock.duration_s, made_of.quality
    )


def _recipe(
    clip: Clip, wanted: Wanted, sound: Soundtrack, video: Path, notices: Sequence[str]
) -> Recipe:
    return Recipe(
        recipe_version=RECIPE_VERSION,
        app_version=__version__,
        key=wanted.ingredients.key,
        title=clip.title,
        source_path=str(clip.path),
        source_bytes=clip.media.info.size_bytes,
        ingredients=wanted.ingredients,
        duration_s=clip.clock.duration_s,
        video_bytes=video.stat().st_size,
        has_subtitles=bool(clip.words),
        integrated_lufs=sound.integrated_lufs,
        true_peak_dbtp=sound.true_peak_dbtp,
        gain_db=sound.gain_db,
        notices=tuple(notices),
        style=wanted.style,
        platform=wanted.platform,
        largest_bytes=wanted.largest_bytes,
        threads=clip.threads,
    )


def _note(done_s: float, total_s: float) -> str:
    return f"Rendering {_clock(min(done_s, total_s))} of {_clock(total_s)}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
