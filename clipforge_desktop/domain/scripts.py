"""Which script a word is written in: how a change of language shows in the text alone.

Kept in the domain because both who reads transcripts and who breaks captions ask. The names
that Unicode gives its letters tell it, so there is no table of ranges to keep.
"""

import unicodedata
from functools import lru_cache

_SCRIPTS = {
    name: name
    for name in (
        *("ARABIC", "ARMENIAN", "BENGALI", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN"),
        *("GREEK", "GUJARATI", "GURMUKHI", "HEBREW", "KANNADA", "KHMER", "LAO", "MALAYALAM"),
        *("MYANMAR", "SINHALA", "TAMIL", "TELUGU", "THAI", "TIBETAN"),
    )
} | dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"), "CJK")


@lru_cache(8192)
def script_name(text: str) -> str:
    """The script of its first letter that is not Latin: "ARABIC", "CJK" ...; "" without one.

    Latin words stand in texts of every script, and a Greek letter by itself is a symbol.
    """
    letters = [character for character in text if character.isalpha()]
    for letter in letters:
        script = _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")
        if script and not (script == "GREEK" and len(letters) == 1):
            return script
    return ""


def is_other_script(before: str, after: str) -> bool:
    """True when both are in scripts beyond Latin, and not in the same."""
    return bool(script_name(before) and script_name(after)) and (
        script_name(before) != script_name(after)
    )
