"""What a rendered file was made from: enough to render the very same frames again.

The file `NAME.json` beside `NAME.mp4`. `key` is the name of the sameness: paths, measured values
and the date play no part in it, so a moved source or a second run is recognised. A recipe may
come from a stranger: `parse_recipe` takes nothing on trust.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import msgspec

from clipforge_desktop.domain.branding import Branding, is_drawable
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import Quality, SoundWish
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import FramingPlan, Pane
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.domain.wire import decode, encode, fingerprint

RECIPE_VERSION = 4
OLDEST_VERSION = 2
MOST_BYTES = 20_000_000
SOFTWARE = "libx264"
COPIED = "copy"
USUAL_SOUND = SoundWish()

_LONGEST_CLIP_S = 4 * 3600.0
_LONGEST_SOURCE_S = 24 * 3600.0
_SIDES_PX = range(2, 3841)
_MOST_PIECES, _MOST_WORDS, _MOST_SHOTS, _MOST_PANES = 10_000, 200_000, 20_000, 4
_MOST_THREADS = 64
_MOST_FACES = 100_000  # looks at faces in one shot
_LONGEST_TEXT = 4_000
_LARGEST_PX = 100_000
_SLACK_PX = 2.0  # crops are rounded to whole pixels at the end
_PATH = re.compile(r"`\$\.?([^`]*)`")


@dataclass(frozen=True)
class Ingredients:
    """All that decides what the frames and the sound are. `words` are on the clip's clock.

    `rate` is that of the file: every `every`th frame of the clip's own. Where nothing is written
    over the picture, `style` and `safe_zone` are None and `words` do not matter. `music_key` is
    the content of `sound.music`. `encoder` is a codec of ffmpeg, or COPIED for the source's own
    pictures; `most_bits_s` is the cap that keeps the file within a platform's limit. `people`
    names the mattes behind which captions stand, "" where they stand in front. `grounds` are what
    captions stand on in the clip's shots. `branding` is of this clip.
    """

    content_key: str
    stage_version: int
    aspect: str
    size_px: tuple[int, int]
    rate: tuple[int, int]
    quality: Quality
    pieces: tuple[Piece, ...]
    framing: FramingPlan
    style: CaptionStyle | None
    words: tuple[Word, ...]
    every: int = 1
    safe_zone: SafeZone | None = None
    sound: SoundWish = USUAL_SOUND
    music_key: str = ""
    most_bits_s: int | None = None
    encoder: str = SOFTWARE
    people: str = ""
    grounds: tuple[Ground, ...] = ()
    branding: Branding | None = None

    @property
    def clip_rate(self) -> Fraction:
        return Fraction(*self.rate) * self.every

    @property
    def key(self) -> str:
        """The same for a recipe as it was made and as it is read: 720 and 720.0 are one number."""
        return fingerprint(decode(Ingredients, encode(self)))


@dataclass(frozen=True)
class Recipe:
    """Paths are those at the time of the render.

    `style` and `platform` are the names it was asked for with, "" for none. `threads` were the
    encoder's; None in older recipes.
    """

    recipe_version: int
    app_version: str
    key: str
    title: str
    source_path: str
    source_bytes: int
    ingredients: Ingredients
    duration_s: float
    video_bytes: int
    has_subtitles: bool
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float
    notices: tuple[str, ...] = ()
    style: str = ""
    platform: str = ""
    largest_bytes: int | None = None
    threads: int | None = None


@dataclass(frozen=True)
class _Head:
    recipe_version: int


def parse_recipe(data: bytes, name: str) -> Recipe:
    """The recipe in the bytes of the file `name`, every value of it within what can be rendered.

    Raises InputError `recipe_invalid` naming the field, `recipe_newer` or `recipe_older`.
    """
    if len(data) > MOST_BYTES:
        raise _invalid(name, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8")
        version = decode(_Head, text).recipe_version
        if version > RECIPE_VERSION:
            raise InputError(
                "recipe_newer",
                f"{name} was made by a newer ClipForge (recipe version {version}; this one reads"
                f" up to {RECIPE_VERSION}).",
                "Update ClipForge, then render it.",
            )
        if version < OLDEST_VERSION:
            raise InputError(
                "recipe_older",
                f"{name} was made by an early ClipForge and does not say enough (recipe version"
                f" {version}).",
                "Export the clip once more; its new recipe can be rendered.",
            )
        recipe = decode(Recipe, text)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise _invalid(name, _said(error)) from error
    for field, is_right in _checks(recipe):
        if not is_right:
            raise _invalid(name, f"field {field} holds a value that cannot be rendered")
    return recipe


def other_source(name: str) -> InputError:
    """For a video that is not the one that the recipe was made from."""
    return InputError(
        "recipe_other_source",
        f"{name} is not the video that this was made from: its content is another.",
        "Give the right one with --source FILE.",
    )


def _checks(recipe: Recipe) -> Iterator[tuple[str, bool]]:
    """(field, whether its value can be rendered), cheap ones first."""
    made_of = recipe.ingredients
    for field in ("title", "source_path", "style", "platform"):
        yield field, len(getattr(recipe, field)) <= _LONGEST_TEXT
    yield "source_bytes", recipe.source_bytes >= 0
    yield "largest_bytes", recipe.largest_bytes is None or recipe.largest_bytes > 0
    yield "threads", recipe.threads is None or 1 <= recipe.threads <= _MOST_THREADS
    yield "ingredients.content_key", 0 < len(made_of.content_key) <= 200
    yield "ingredients.aspect", re.fullmatch(r"[\w:.]{1,20}", made_of.aspect) is not None
    yield (
        "ingredients.size_px",
        all(side in _SIDES_PX and side % 2 == 0 for side in made_of.size_px),
    )
    above, below = made_of.rate
    yield "ingredients.rate", 0 < below <= 1_000_000 and 0 < above <= 1_000_000_000
    yield "ingredients.every", 1 <= made_of.every <= 1000
    yield "ingredients.rate", Fraction(above, below) >= 1 and made_of.clip_rate <= 120
    yield "ingredients.encoder", re.fullmatch(r"\w{1,40}", made_of.encoder) is not None
    yield "ingredients.people", re.fullmatch(r"[\w.:-]{0,80}", made_of.people) is not None
    most = made_of.most_bits_s
    yield "ingredients.most_bits_s", most is None or 1_000 <= most <= 1_000_000_000
    yield from _sound_checks(made_of.sound, made_of.music_key)
    yield "ingredients.pieces", _are_pieces(made_of.pieces)
    yield "ingredients.words", len(made_of.words) <= _MOST_WORDS
    yield "ingredients.words", all(_is_word(word) for word in made_of.words)
    yield "ingredients.framing", _is_plan(made_of.framing)
    yield "ingredients.grounds", len(made_of.grounds) <= _MOST_SHOTS
    yield "ingredients.grounds", all(_is_ground(ground) for ground in made_of.grounds)
    yield (
        "ingredients.grounds",
        all(one.end_s <= after.start_s for one, after in pairwise(made_of.grounds)),
    )
    branding = made_of.branding
    yield "ingredients.branding", branding is None or is_drawable(branding)


def _sound_checks(sound: SoundWish, music_key: str) -> Iterator[tuple[str, bool]]:
    yield "ingredients.sound.lufs", -70 <= sound.lufs <= 0
    yield "ingredients.sound.peak_dbtp", -40 <= sound.peak_dbtp <= 0
    yield "ingredients.sound.speech", not sound.speech or _are_pieces(sound.speech)
    music = sound.music
    if music is not None:
        yield "ingredients.sound.music.path", 0 < len(music.path) <= _LONGEST_TEXT
        yield "ingredients.sound.music.level_lu", -70 <= music.level_lu <= 20
        yield "ingredients.sound.music.duck_lu", 0 <= music.duck_lu <= 70
        yield "ingredients.music_key", 0 < len(music_key) <= 200


def _are_pieces(pieces: tuple[Piece, ...]) -> bool:
    return 0 < len(pieces) <= _MOST_PIECES and (
        all(0 <= p.start_s < p.end_s <= _LONGEST_SOURCE_S for p in pieces)
        and sum(piece.duration_s for piece in pieces) <= _LONGEST_CLIP_S
    )


def _is_word(word: Word) -> bool:
    return len(word.text) <= _LONGEST_TEXT and (
        -1 <= word.start_s <= word.end_s <= _LONGEST_SOURCE_S
    )


def _is_plan(plan: FramingPlan) -> bool:
    return (
        all(0 < side <= _LARGEST_PX for side in plan.source_size_px)
        and 0 < len(plan.shots) <= _MOST_SHOTS
        and all(0 <= shot.start_s <= shot.end_s <= _LONGEST_SOURCE_S for shot in plan.shots)
        and all(0 < len(shot.panes) <= _MOST_PANES for shot in plan.shots)
        and all(_is_pane(pane, plan.source_size_px) for shot in plan.shots for pane in shot.panes)
    )


def _is_ground(ground: Ground) -> bool:
    top, bottom = ground.band or (0.0, 1.0)
    return (
        0 <= ground.start_s <= ground.end_s <= _LONGEST_SOURCE_S
        and 0 <= (ground.seam or 0.0) <= 1
        and 0 <= top <= bottom <= 1
        and len(ground.faces) <= _MOST_FACES
        and all(
            abs(at) <= 1 and abs(side) <= 1
            for face in ground.faces
            for at, side in ((face.x, face.width), (face.y, face.height))
        )
    )


def _is_pane(pane: Pane, source_size_px: tuple[int, int]) -> bool:
    """A place in the output, and a crop that stays within the picture."""
    place, keys = pane.place, pane.keys
    sides = zip(pane.crop_size_px, source_size_px, strict=True)
    return (
        all(0 <= at <= 1 for at in (place.x, place.y))
        and all(0 < side <= 1 for side in (place.width, place.height))
        and all(1 <= side <= whole + _SLACK_PX for side, whole in sides)
        and len(keys) > 0
        and all(abs(key.clip_s) <= _LONGEST_SOURCE_S for key in keys)
        and all(
            side / 2 - _SLACK_PX <= center <= whole - side / 2 + _SLACK_PX
            for key in keys
            for center, side, whole in zip(
                (key.center_x, key.center_y), pane.crop_size_px, source_size_px, strict=True
            )
        )
    )


def _said(error: Exception) -> str:
    """`field ingredients.rate[0]: Expected `int`, got `str``, as far as the error tells."""
    if isinstance(error, RecursionError):
        return "its values lie too deep within each other"
    if not isinstance(error, msgspec.ValidationError):
        return "it is no JSON text"
    what = str(error).splitlines()[0]
    path = _PATH.search(str(error).splitlines()[-1]) or _PATH.search(str(error))
    missing = re.search(r"missing required field `(\w+)`", what)
    fields = [path[1] if path else "", missing[1] if missing else ""]
    named = ".".join(filter(None, fields))
    reason = what.split(" - at ")[0][:200]
    return f"field {named}: {reason}" if named else reason


def _invalid(name: str, why: str) -> InputError:
    return InputError(
        "recipe_invalid",
        f"{name} is no recipe that can be rendered: {why}.",
        "Give the .json file that ClipForge wrote beside an exported video, unchanged.",
    )
