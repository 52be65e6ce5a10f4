"""Export: one clip becomes finished files: every shape, style and platform asked for, in one job.

Here is decided what is made: faces and cuts are looked up, and each output's ingredients are put
together. `export.making` makes what is not there yet, by one decode. Files appear whole and under
names of their own, or not at all; what is already there from the same recipe is used again.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from clipforge_desktop.captions.logo_file import read_logo
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.formats import OWN_SHAPE
from clipforge_desktop.domain.framing import FramingKind, FramingPlan, FramingStudy
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, ExportRequest, ExportResult
from clipforge_desktop.domain.outputs import OutputWish, outputs, plain_names
from clipforge_desktop.domain.shown import Ground, caption_grounds, shown_faces
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import encoders
from clipforge_desktop.stages.export import files, formats, framing
from clipforge_desktop.stages.export.again import again
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.copying import find_cut
from clipforge_desktop.stages.export.groups import Wanted
from clipforge_desktop.stages.export.hiding import hidden_by
from clipforge_desktop.stages.export.making import Clip, make
from clipforge_desktop.stages.export.recipe import COPIED, SOFTWARE, Ingredients
from clipforge_desktop.stages.export.results import already_there
from clipforge_desktop.stages.export.sound import SoundWish
from clipforge_desktop.stages.export.sound_music import music_key
from clipforge_desktop.stages.export.source import check_source, inside_source
from clipforge_desktop.stages.framing import LOOKING, look, studies_of
from clipforge_desktop.stages.matting import PEOPLE, Found, mattes

VERSION = 8

_WHOLE = (FramingKind.FIT, FramingKind.WIDE)  # nobody needs to look for faces
_FRAMING_ENDS = 0.15
_NO_CHIP = "No graphics chip's encoder works on this machine, so the processor does the work."
_NEAR_S = 1.0  # words nearer than this are one stretch of speech to the music


@dataclass(frozen=True)
class _Framed:
    """One shape's plan, what captions stand on in its shots, and the study it is one of."""

    plan: FramingPlan
    grounds: tuple[Ground, ...] = ()
    study: FramingStudy | None = None


@dataclass(frozen=True)
class _Job:
    """The request with everything that follows from it by arithmetic."""

    request: ExportRequest
    clip: Clip
    pieces: tuple[Piece, ...]
    wishes: tuple[OutputWish, ...]
    names: tuple[str, ...]
    branding: Branding | None = None

    def size_px(self, wish: OutputWish) -> tuple[int, int]:
        video = self.clip.media.info.video
        own_px = video.display_size_px if video is not None else None
        return formats.output_size(wish.aspect, wish.delivery.short_side_px, own_px)

    def shape(self, wish: OutputWish) -> str:
        """The shape to frame for: the source's own as a size, which every room understands."""
        width, height = self.size_px(wish)
        return f"{width}x{height}" if wish.aspect == OWN_SHAPE else wish.aspect


def run(request: ExportRequest, context: StageContext) -> ExportResult:
    """Export one clip in every shape, style and delivery asked for, or a recipe's file again.

    Raises what `export.again` does for a recipe, InputError (aspect_not_understood,
    clip_outside_source, source_missing, source_changed, file_size_too_small, and what `read_logo`
    raises), ClipForgeError (output_incomplete, output_too_large and what `media.ffmpeg` raises),
    PausingError (output_not_writable, disk_full) and CancelledError. After any of them no
    unfinished file is left.
    """
    if request.recipe is not None:
        known = again(request, request.recipe, VERSION, context.cores)
        return _made(known.clip, [known.wanted], context, known.notices)
    job = _prepare(request, context.cores)
    plans = _plans(job, context)
    people = _people(job, context)
    wanted = _wanted(job, plans, people.version, context)
    notices = (*people.notices, *_about_encoder(request.options, wanted))
    made = _made(job.clip, wanted, context, notices)
    return replace(made, notices=(*made.notices, *_about_marks(job, plans, wanted, context)))


def _made(
    clip: Clip, wanted: list[Wanted], context: StageContext, notices: tuple[str, ...] = ()
) -> ExportResult:
    """What is there already, and the rest made."""
    finished: dict[str, ExportedFile] = {}
    for one in wanted:
        found = already_there(clip.folder, one.name, one.ingredients)
        if found is not None:
            finished[one.name] = replace(found, style=one.style, platform=one.platform)
    missing = [one for one in wanted if one.name not in finished]
    if missing:
        made = make(clip, missing, context)
        finished |= made.files
        notices += made.notices
    context.progress(1.0, "Exported")
    return ExportResult(tuple(finished[one.name] for one in wanted), notices)


def _prepare(request: ExportRequest, cores: int) -> _Job:
    wishes = outputs(request.options)
    path = Path(request.path)
    for wish in wishes:
        formats.output_size(wish.aspect)
    branding = _branding(request)
    check_source(path, request.media)
    pieces = inside_source(request.pieces, request.media.info.duration_s)
    rate = formats.output_rate(request.media.info.video)
    clip = Clip(
        path=path,
        media=request.media,
        folder=files.open_folder(request.options.out_dir),
        clock=clip_clock(pieces, rate, formats.AUDIO_HZ),
        words=TimeMap(pieces).words(request.transcript.words),
        title=request.title,
        threads=formats.encoder_threads(cores, len(wishes)),
    )
    names = request.names or plain_names(request.stem, wishes)
    return _Job(request, clip, pieces, wishes, names, branding)


def _branding(request: ExportRequest) -> Branding | None:
    """This clip's own: a logo that cannot be drawn is told before any work."""
    wished = request.options.branding
    if wished is None:
        return None
    key = read_logo(wished.logo.path).key if wished.logo is not None else ""
    return wished.of_clip(request.title, key)


def _plans(job: _Job, context: StageContext) -> dict[str, _Framed]:
    """How every shape is framed, in the order asked for."""
    options, clip = job.request.options, job.clip
    shapes = list(dict.fromkeys(job.shape(wish) for wish in job.wishes))
    if clip.media.info.video is None:
        return {
            shape: _Framed(
                framing.plain_plan(shape, formats.output_size(shape), clip.clock.duration_s)
            )
            for shape in shapes
        }
    default = None if options.framing == "auto" else FramingKind(options.framing)
    if default in _WHOLE and not options.overrides:
        studies = studies_of(framing.unseen(job.pieces), clip.media, shapes, clip.clock)
    else:
        context.progress(0.0, LOOKING)
        scenes = look(
            clip.path,
            clip.media,
            job.pieces,
            context,
            lambda fraction: context.progress(fraction * _FRAMING_ENDS, LOOKING),
        )
        studies = studies_of(scenes, clip.media, shapes, clip.clock)
    plans = [study.plan(default, options.overrides) for study in studies]
    return {
        study.aspect: _Framed(plan, caption_grounds(study, plan, study.pieces), study)
        for study, plan in zip(studies, plans, strict=True)
    }


def _people(job: _Job, context: StageContext) -> Found:
    """The mattes that hide captions; none where no style asks for any."""
    clip = job.clip
    styles = [wish.style for wish in job.wishes if wish.style is not None]
    is_asked = any(style.position.behind_people for style in styles)
    if not is_asked or not clip.words or clip.media.info.video is None:
        return Found("")
    return mattes(
        clip.path,
        clip.media,
        job.pieces,
        context,
        lambda done: context.progress(_FRAMING_ENDS, f"{PEOPLE} … {round(done * 100)} %"),
    )


def _wanted(
    job: _Job, plans: dict[str, _Framed], people: str, context: StageContext
) -> list[Wanted]:
    """Every output with all that decides it, in the order asked for."""
    options = job.request.options
    hardware = encoders.working(context) if options.encoder == "hardware" else None
    choice = [SOFTWARE] if hardware is None else [hardware.codec, SOFTWARE]
    music = "" if options.music is None else music_key(options.music.path)
    wanted: list[Wanted] = []
    for name, wish in zip(job.names, job.wishes, strict=True):
        made_of = _ingredients(job, wish, plans[job.shape(wish)])
        if made_of.style is not None and made_of.style.position.behind_people:
            made_of = replace(made_of, people=people)
        own = [COPIED, *choice] if _is_copied(job, made_of, wish, context) else choice
        wanted.append(
            Wanted(
                name,
                replace(made_of, encoder=own[0], music_key=music),
                tuple(own[1:]),
                wish.style.name if wish.style is not None else "",
                wish.delivery.platform,
                wish.delivery.largest_bytes,
            )
        )
    return wanted


def _ingredients(job: _Job, wish: OutputWish, framed: _Framed) -> Ingredients:
    clip, size_px = job.clip, job.size_px(wish)
    every = _every(job, wish)
    rate = clip.clock.rate / every
    branding = job.branding
    has_captions = wish.style is not None and bool(clip.words)
    has_text = has_captions or (branding is not None and branding.headline is not None)
    largest = wish.delivery.largest_bytes
    frames = -(-clip.clock.frames // every)
    return Ingredients(
        content_key=clip.media.content_key,
        stage_version=VERSION,
        aspect=wish.aspect,
        size_px=size_px,
        rate=(rate.numerator, rate.denominator),
        quality=wish.delivery.quality or job.request.options.quality,
        pieces=job.pieces,
        framing=framed.plan,
        style=wish.style if has_text else None,
        words=clip.words,
        every=every,
        safe_zone=safe_zone(size_px, wish.delivery.covered)
        if has_captions or branding is not None
        else None,
        grounds=framed.grounds if has_captions else (),
        sound=_sound(job, wish),
        most_bits_s=None
        if largest is None
        else formats.bits_within(largest, size_px, clip.clock.duration_s, frames),
        branding=branding,
    )


def _is_copied(job: _Job, made_of: Ingredients, wish: OutputWish, context: StageContext) -> bool:
    clip = job.clip
    largest = wish.delivery.largest_bytes
    cut = find_cut(clip.path, clip.media.info, clip.clock, made_of, largest, context.check)
    return cut is not None


def _about_encoder(options: ExportOptions, wanted: list[Wanted]) -> tuple[str, ...]:
    """Said where a chip's encoder was asked for and there is none that works."""
    is_software = any(one.ingredients.encoder == SOFTWARE for one in wanted)
    return (_NO_CHIP,) if options.encoder == "hardware" and is_software else ()


def _about_marks(
    job: _Job, plans: dict[str, _Framed], wanted: list[Wanted], context: StageContext
) -> tuple[str, ...]:
    """What logo and headline hide of the people shown, each sentence once."""
    said: dict[str, None] = {}
    for one, wish in zip(wanted, job.wishes, strict=True):
        framed = plans[job.shape(wish)]
        if job.branding is not None and framed.study is not None:
            made_of = one.ingredients
            faces = shown_faces(framed.study, framed.plan, job.pieces, made_of.size_px)
            seconds = float(job.clip.clock.duration_s)
            said |= dict.fromkeys(hidden_by(made_of, seconds, faces, context))
    return tuple(said)


def _every(job: _Job, wish: OutputWish) -> int:
    """Of how many frames of the clip one is shown: rates are thinned, never raised."""
    rate = job.clip.clock.rate
    slower = formats.output_rate(job.clip.media.info.video, wish.delivery.most_fps)
    return max(1, round(Fraction(rate) / slower))


def _sound(job: _Job, wish: OutputWish) -> SoundWish:
    options, delivery = job.request.options, wish.delivery
    return SoundWish(
        delivery.lufs,
        delivery.peak_dbtp,
        options.reduce_noise,
        options.music,
        _speech(job) if options.reduce_noise or options.music is not None else (),
    )


def _speech(job: _Job) -> tuple[Piece, ...]:
    """Where somebody speaks, on the clip's clock: as heard, else words with their breaths."""
    if heard := TimeMap(job.pieces).speech(job.clip.media.speech):
        return heard
    said: list[Piece] = []
    for word in job.clip.words:
        if said and word.start_s - said[-1].end_s < _NEAR_S:
            said[-1] = Piece(said[-1].start_s, max(said[-1].end_s, word.end_s))
        else:
            said.append(Piece(word.start_s, word.end_s))
    return tuple(said)
