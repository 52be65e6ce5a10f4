"""What to say of letters that no installed font has: of which script they are, and what helps.

A script is told by the name that Unicode gives its letters, such as "TAMIL LETTER KA".
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_HAN, _JAPANESE, _KOREAN = "Chinese or Japanese", "Japanese", "Korean"
_EAST_ASIAN = {
    "CJK": _HAN,
    "HIRAGANA": _JAPANESE,
    "KATAKANA": _JAPANESE,
    "KATAKANA-HIRAGANA": _JAPANESE,
    "BOPOMOFO": "Chinese",
    "HANGUL": _KOREAN,
}
_WIDE = re.compile(r"^(HALFWIDTH|FULLWIDTH|IDEOGRAPHIC) ")
_SCRIPT = re.compile(
    r"^(?!MODIFIER|COMBINING|MATHEMATICAL|LATIN)([A-Z ]+?)(?: CAPITAL| SMALL)?"
    r" (?:LETTER|SIGN|SYLLABLE|VOWEL|IDEOGRAPH|HIEROGLYPH|CONSONANT|INDEPENDENT)\b"
)
_MANY_SCRIPTS = 3


def lacking_notice(letters: Iterable[str], own_folder: Path | None) -> str:
    """Two sentences for `letters` that are drawn as boxes; `own_folder` is for the user's fonts."""
    scripts = scripts_of(letters)
    what = f"the {_listed(scripts)} letters" if scripts else "some letters"
    is_east_asian = bool({_HAN, "Chinese", _JAPANESE, _KOREAN} & set(scripts))
    remedy = "Noto Sans CJK" if is_east_asian else "one of the Noto fonts"
    where = f"ClipForge's folder {own_folder}" if own_folder else "ClipForge's folder for fonts"
    return (
        f"No installed font has {what} of this text; they are drawn as boxes. "
        f"Install a font that has them, such as {remedy}, or put its file into {where}."
    )


def scripts_of(letters: Iterable[str]) -> tuple[str, ...]:
    """The scripts of the letters in words, without letters that belong to none."""
    found = {_script(letter) for letter in letters} - {""}
    if _JAPANESE in found:
        found -= {_HAN}  # which Japanese writes too
    return tuple(sorted(found))


def _script(letter: str) -> str:
    if not unicodedata.category(letter).startswith("L"):
        return ""
    name = _WIDE.sub("", unicodedata.name(letter, ""))
    if known := _EAST_ASIAN.get(name.split(" ")[0]):
        return known
    match = _SCRIPT.match(name)
    return match[1].title() if match else ""


def _listed(scripts: tuple[str, ...]) -> str:
    named = [*scripts[:_MANY_SCRIPTS], *(["other"] if len(scripts) > _MANY_SCRIPTS else [])]
    most = ", ".join(named[:-1])
    return f"{most} and {named[-1]}" if most else named[-1]
