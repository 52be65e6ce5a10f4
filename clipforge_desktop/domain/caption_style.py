"""How captions look: a versioned, validated JSON file that users write and share.

The size of the type is relative to the frame height and every other length to that size (em),
so one style holds at any resolution and aspect. Positions are shares of the safe zone, the
part of the frame that a platform's buttons leave free. Every field has a range; `captions`
paints every field.
"""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, from_json

from clipforge_desktop.domain.naming import NO_STYLE_RULE, is_file_name, is_no_style
from clipforge_desktop.domain.style_migrations import STYLE_VERSION as STYLE_VERSION
from clipforge_desktop.domain.style_migrations import migrated
from clipforge_desktop.domain.style_text import without_mark, written_twice

Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]
"""#RRGGBB, or #RRGGBBAA where AA is the opacity."""

Label = Annotated[str, StringConstraints(max_length=300)]
Entry = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Share = Annotated[float, Field(ge=0, le=1)]
Em = Annotated[float, Field(ge=0, le=2)]
Offset = Annotated[float, Field(ge=-2, le=2)]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Tilt = Annotated[float, Field(ge=-20, le=20)]
Seconds = Annotated[float, Field(ge=0, le=2)]

NAME_RULE = "this cannot be the name of a file on every system"


def _style_name(name: str) -> str:
    if not is_file_name(name):
        raise PydanticCustomError("style_name", NAME_RULE)
    if is_no_style(name):
        raise PydanticCustomError("style_rule", NO_STYLE_RULE)
    return name


Easing = Literal["linear", "ease_in", "ease_out", "ease_in_out", "overshoot", "bounce", "snap"]


class StyleValue(BaseModel):
    """Base of all parts: frozen, unknown fields refused, no NaN or infinity, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class FontSpec(StyleValue):
    """`size_percent` is the em size in percent of the height of a 9:16 frame.

    Wider frames have less height for the same picture, so there it is up to a third larger.
    `grow` lets short captions be set larger, up to that factor, until they fill the width.
    """

    family: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "Inter"
    weight: Annotated[int, Field(ge=100, le=900)] = 800
    italic: bool = False
    size_percent: Annotated[float, Field(ge=1, le=14)] = 4.4
    grow: Annotated[float, Field(ge=1, le=2)] = 1
    case: Literal["as_spoken", "upper", "lower", "title"] = "as_spoken"
    letter_spacing_em: Annotated[float, Field(ge=-0.2, le=1)] = 0
    word_spacing_em: Annotated[float, Field(ge=-0.2, le=1)] = 0
    line_height_em: Annotated[float, Field(ge=0.7, le=3)] = 1.2


class Fill(StyleValue):
    """One colour, or a gradient of up to six; 0 degrees runs left to right, 90 downwards.

    A gradient of letters with `shimmer_s` wanders over them, once through in that many seconds.
    """

    colors: Annotated[tuple[Color, ...], Field(min_length=1, max_length=6)] = ("#FFFFFF",)
    angle_deg: Degrees = 90
    shimmer_s: Annotated[float, Field(ge=0, le=20)] = 0


class Outline(StyleValue):
    """A line around the letters, outside of the outlines before it."""

    color: Color = "#000000"
    width_em: Annotated[float, Field(ge=0, le=0.4)] = 0.06
    offset_x_em: Annotated[float, Field(ge=-0.5, le=0.5)] = 0
    offset_y_em: Annotated[float, Field(ge=-0.5, le=0.5)] = 0


class Shadow(StyleValue):
    color: Color = "#000000A0"
    offset_x_em: Annotated[float, Field(ge=-1, le=1)] = 0
    offset_y_em: Annotated[float, Field(ge=-1, le=1)] = 0.06
    blur_em: Annotated[float, Field(ge=0, le=1)] = 0.1


class Glow(StyleValue):
    """Light around the letters; `strength` is how often it is laid over itself."""

    color: Color = "#FFFFFF"
    radius_em: Annotated[float, Field(ge=0.02, le=1)] = 0.25
    strength: Annotated[int, Field(ge=1, le=4)] = 1


class Box(StyleValue):
    """A surface behind a block, a line or a word.

    A bubble has a tail below, a window a title bar above, a tape torn ends. With `blur_em` it
    is glass: the video behind it is out of focus, as softly as the softest box of the style says.
    """

    shape: Literal["rounded", "bubble", "window", "tape"] = "rounded"
    fill: Fill = Fill(colors=("#000000B0",))
    radius_em: Em = 0.2
    pad_x_em: Em = 0.25
    pad_y_em: Em = 0.15
    border: Outline | None = None
    shadow: Shadow | None = None
    tilt_deg: Tilt = 0
    blur_em: Em = 0


class Underline(StyleValue):
    color: Color = "#FFFFFF"
    thickness_em: Annotated[float, Field(ge=0.01, le=0.5)] = 0.09
    gap_em: Annotated[float, Field(ge=-0.5, le=0.5)] = 0.08


class WordLook(StyleValue):
    """What differs from the plain text in one state of a word. None keeps what is there.

    `stretch` makes the letters taller (or lower) on their baseline.
    """

    fill: Fill | None = None
    outlines: Annotated[tuple[Outline, ...], Field(max_length=4)] | None = None
    shadows: Annotated[tuple[Shadow, ...], Field(max_length=4)] | None = None
    glow: Glow | None = None
    box: Box | None = None
    underline: Underline | None = None
    opacity: Share = 1
    scale: Annotated[float, Field(ge=0.5, le=2)] = 1
    stretch: Annotated[float, Field(ge=0.5, le=1.8)] = 1
    lift_em: Annotated[float, Field(ge=-1, le=1)] = 0
    tilt_deg: Tilt = 0


class WordFont(StyleValue):
    """A second face inside a line. None keeps the style's own; `size` is relative to it."""

    family: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    weight: Annotated[int, Field(ge=100, le=900)] | None = None
    italic: bool | None = None
    size: Annotated[float, Field(ge=0.4, le=2.5)] = 1
    case: Literal["upper", "lower"] | None = None
    letter_spacing_em: Annotated[float, Field(ge=-0.2, le=1)] | None = None


class FacedLook(WordLook):
    """The look of a kind of word that may have a face of its own, whatever its state."""

    font: WordFont | None = None


class ActiveLook(WordLook):
    """The word being spoken.

    `cycle` gives the fill (or, where there is a box, the box) another colour word by word.
    `sweep` fills the word in the direction of reading while it is spoken. The look stays
    `linger_s` after the word's end unless the next word begins.
    """

    cycle: Annotated[tuple[Color, ...], Field(max_length=8)] = ()
    sweep: bool = False
    transition_s: Annotated[float, Field(ge=0, le=0.6)] = 0
    easing: Easing = "ease_out"
    box_motion: Literal["none", "grow", "slide", "unroll", "tilt"] = "none"
    linger_s: Seconds = 0.4


class Keywords(StyleValue):
    """Words with a look of their own: the user's lists, and what is found automatically.

    A `*` in a listed word stands for any letters: "un*", "*%". Words are also told by their
    place: the first and the last of a sentence, and the first after a pause of `lines.pause_s`.
    """

    first: FacedLook | None = None
    second: FacedLook | None = None
    first_words: Annotated[tuple[Entry, ...], Field(max_length=2000)] = ()
    second_words: Annotated[tuple[Entry, ...], Field(max_length=2000)] = ()
    numbers: Literal["off", "first", "second"] = "off"
    names: Literal["off", "first", "second"] = "off"
    rare: Literal["off", "first", "second"] = "off"
    openings: Literal["off", "first", "second"] = "off"
    closings: Literal["off", "first", "second"] = "off"
    pauses: Literal["off", "first", "second"] = "off"


class Motion(StyleValue):
    """How a block, a line or a word comes or goes. `stagger_s` is the delay per line or word.

    `at_word` lets each word or line come when it is spoken instead of with its caption.
    `cursor` shows where a typewriter types. `reveal` rises from behind the group's own lower edge.
    """

    kind: Literal[
        "none",
        "fade",
        "pop",
        "rise",
        "drop",
        "slide",
        "bounce",
        "wipe",
        "reveal",
        "typewriter",
        "snap",
        "glitch",
    ] = "none"
    scope: Literal["block", "line", "word"] = "block"
    duration_s: Annotated[float, Field(ge=0, le=1.5)] = 0.15
    stagger_s: Annotated[float, Field(ge=0, le=0.5)] = 0
    distance_em: Em = 0.5
    easing: Easing = "ease_out"
    at_word: bool = False
    cursor: bool = False


class Idle(StyleValue):
    """What goes on moving while a caption stands: a wave through it, or a nervous shake.

    `period_s` is one wave, or six shakes. `spread` is how far (in waves) the next word or letter
    is behind. Letters that are joined in writing wave as whole words.
    """

    kind: Literal["wave", "shake"] = "wave"
    scope: Literal["block", "line", "word", "letter"] = "word"
    distance_em: Annotated[float, Field(ge=0, le=0.5)] = 0.08
    period_s: Annotated[float, Field(ge=0.2, le=10)] = 1.6
    spread: Annotated[float, Field(ge=0, le=0.5)] = 0.12
    only_active: bool = False


class LineRules(StyleValue):
    """How words become captions. `max_chars` is per line; `max_words` per caption."""

    max_words: Annotated[int, Field(ge=1, le=40)] = 8
    max_chars: Annotated[int, Field(ge=4, le=80)] = 22
    max_lines: Annotated[int, Field(ge=1, le=8)] = 2
    chars_per_second: Annotated[float, Field(ge=5, le=60)] = 20
    min_s: Annotated[float, Field(ge=0, le=5)] = 0.7
    max_s: Annotated[float, Field(ge=0.5, le=15)] = 6
    gap_to_bridge_s: Seconds = 0.5
    pause_s: Annotated[float, Field(ge=0.1, le=5)] = 0.7

    @model_validator(mode="after")
    def _can_last(self) -> Self:
        if self.min_s > self.max_s:
            raise PydanticCustomError(
                "style_rule",
                "min_s ({min_s}) must not be more than max_s ({max_s})",
                {"min_s": self.min_s, "max_s": self.max_s},
            )
        return self


class Position(StyleValue):
    """Where the block stands in the safe zone: `y` 0 is its top, 1 its bottom edge.

    `anchor` is the part of the block that stands at `y`; `margin` narrows both sides. One that
    follows the framing stands at the seam of two stacked pictures, and keeps off the edge of a
    picture that leaves room. People hide what stands behind them, where the model that tells them
    from the background is installed.
    """

    y: Share = 0.72
    anchor: Literal["top", "middle", "bottom"] = "middle"
    alignment: Literal["left", "center", "right"] = "center"
    margin: Annotated[float, Field(ge=0, le=0.4)] = 0
    behind_people: bool = False
    follows_framing: bool = True


class EmojiRule(StyleValue):
    word: Entry
    emoji: Annotated[str, StringConstraints(min_length=1, max_length=16)]


class TextRules(StyleValue):
    """What is written. Censored words keep their first letter and are starred.

    A speaker's name stands before the first word, or `above` it in a line of its own;
    `speaker_colors` paint all that is said, or the names only.
    """

    punctuation: Literal["keep", "drop_stops", "drop"] = "keep"
    censored: Annotated[tuple[Entry, ...], Field(max_length=2000)] = ()
    emoji: Annotated[tuple[EmojiRule, ...], Field(max_length=2000)] = ()
    sounds: Literal["show", "hide"] = "show"
    sound_look: FacedLook | None = None
    speaker_labels: Literal["off", "inline", "above"] = "off"
    speaker_look: FacedLook | None = None
    speaker_colors: Annotated[tuple[Color, ...], Field(max_length=8)] = ()
    speaker_colors_for: Literal["words", "names"] = "words"


class SafeZone(StyleValue):
    """Margins, as shares of the frame, that captions keep out of.

    Centred text stands in the middle of the frame, and aside only as far as the wider margin asks.
    """

    top: Annotated[float, Field(ge=0, le=0.45)] = 0.05
    right: Annotated[float, Field(ge=0, le=0.45)] = 0.05
    bottom: Annotated[float, Field(ge=0, le=0.45)] = 0.05
    left: Annotated[float, Field(ge=0, le=0.45)] = 0.05


class CaptionStyle(StyleValue):
    """One caption style file. Files of older versions are brought up to date as they are read."""

    version: Annotated[int, Field(ge=STYLE_VERSION, le=STYLE_VERSION)] = STYLE_VERSION
    name: Annotated[
        str,
        StringConstraints(pattern=r'^[^\x00-\x1f/\\:*?"<>|.][^\x00-\x1f/\\:*?"<>|]{0,63}$'),
        AfterValidator(_style_name),
    ]
    purpose: Label = ""
    description: Label = ""
    font: FontSpec = FontSpec()
    fill: Fill = Fill()
    outlines: Annotated[tuple[Outline, ...], Field(max_length=4)] = ()
    shadows: Annotated[tuple[Shadow, ...], Field(max_length=4)] = ()
    glow: Glow | None = None
    block_box: Box | None = None
    line_box: Box | None = None
    word_box: Box | None = None
    active: ActiveLook = ActiveLook()
    spoken: WordLook = WordLook()
    unspoken: WordLook = WordLook()
    keywords: Keywords = Keywords()
    entrance: Motion = Motion()
    exit: Motion = Motion()
    idle: Idle | None = None
    lines: LineRules = LineRules()
    position: Position = Position()
    text: TextRules = TextRules()

    @classmethod
    def model_validate_json(
        cls,
        json_data: str | bytes | bytearray,
        **options: Any,  # pydantic's own, passed on
    ) -> Self:
        """The style in JSON text of this or any older version, each key given once."""
        json_data = without_mark(json_data)
        try:
            found = from_json(json_data)
        except ValueError:  # the model's own reading says what is wrong
            found = None
        if found is not None and (place := written_twice(json_data)):
            twice = PydanticCustomError("style_rule", "this field is written twice")
            problem = InitErrorDetails(type=twice, loc=place, input=place[-1])
            raise ValidationError.from_exception_data(cls.__name__, [problem])
        if isinstance(found, dict) and (newer := migrated(found)) is not found:
            json_data = json.dumps(newer)
        return super().model_validate_json(json_data, **options)
