"""Names, units and groups of the style's fields, for people.

Everything has a sensible answer for fields that are not listed here: the name made readable,
the unit from its ending, and the last group.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """`suffix` is written behind the number; it is shown `times` as large as it is stored."""

    suffix: str = ""
    times: float = 1.0


@dataclass(frozen=True)
class Group:
    """A section of the editor with the style's fields in it."""

    title: str
    fields: tuple[str, ...]


GROUPS = (
    Group("Type", ("font",)),
    Group("Fill and outlines", ("fill", "outlines")),
    Group("Shadow and glow", ("shadows", "glow")),
    Group("Boxes", ("block_box", "line_box", "word_box")),
    Group("Spoken word", ("active", "spoken", "unspoken")),
    Group("Keywords", ("keywords",)),
    Group("Motion", ("entrance", "exit", "idle")),
    Group("Lines", ("lines",)),
    Group("Position", ("position",)),
    Group("Text", ("text",)),
)
ABOUT = "About this style"

_TITLES = {
    "active": "Word being spoken",
    "alignment": "Alignment",
    "anchor": "Stands at its",
    "at_word": "Each when it is spoken",
    "blur_em": "Blur",
    "box_motion": "Box moves by",
    "censored": "Censored words",
    "closings": "Last word of a sentence",
    "chars_per_second": "Reading speed, at most",
    "cycle": "Colours in turn",
    "distance_em": "Distance",
    "duration_s": "Takes",
    "follows_framing": "Follows the framing",
    "gap_to_bridge_s": "Gap to bridge",
    "grow": "Grow short lines up to",
    "idle": "While it stands",
    "lift_em": "Lift",
    "linger_s": "Lingers",
    "max_chars": "Letters a line, at most",
    "max_lines": "Lines, at most",
    "max_s": "On screen at most",
    "max_words": "Words at once, at most",
    "min_s": "On screen at least",
    "only_active": "Only the spoken word",
    "openings": "First word of a sentence",
    "pad_x_em": "Padding, sides",
    "pad_y_em": "Padding, above and below",
    "pause_s": "A pause is from",
    "pauses": "Word after a pause",
    "rare": "Rare words",
    "scope": "What moves",
    "kind": "Movement",
    "size_percent": "Size",
    "speaker_labels": "Speakers' names",
    "speaker_colors": "Speakers' colours",
    "spoken": "Words already spoken",
    "stagger_s": "One after another by",
    "sweep": "Fill while spoken",
    "unspoken": "Words still to come",
    "y": "Height in the safe zone",
}
_ENDINGS = {"_em": "em", "_percent": "%", "_deg": "°", "_per_second": "/s", "_s": "s"}
_FACTORS = frozenset({"scale", "stretch", "grow", "size"})
_BRITISH = {"color": "colour", "colors": "colours", "center": "centre"}


def title_of(name: str) -> str:
    """ "letter_spacing_em" -> "Letter spacing"."""
    if name in _TITLES:
        return _TITLES[name]
    stem = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    words = [_BRITISH.get(word, word) for word in stem.split("_")]
    return " ".join(words).capitalize()


def unit_of(name: str, low: float, high: float) -> Unit:
    """The unit by the name's ending; shares of a whole are shown in percent."""
    for ending, suffix in _ENDINGS.items():
        if name.endswith(ending):
            return Unit("°" if suffix == "°" else f" {suffix}")
    if name in _FACTORS:
        return Unit(" x")
    return Unit(" %", 100) if low >= 0 and high <= 1 else Unit()


def option_title(option: str) -> str:
    """ "ease_in_out" -> "Ease in out"."""
    return title_of(option) if option not in _TITLES else option.capitalize()


def groups(names: tuple[str, ...]) -> tuple[Group, ...]:
    """All groups with those of `names` that they hold; what no group names is in the last."""
    listed = {name for group in GROUPS for name in group.fields}
    rest = tuple(name for name in names if name not in listed)
    held = [
        Group(group.title, tuple(name for name in group.fields if name in names))
        for group in GROUPS
    ]
    return (*(group for group in held if group.fields), Group(ABOUT, rest))
