# ruff: noqa: RUF001 - the letters of other scripts are the subject here
"""Reads the bytes of a transcript file as text: Unicode where it is, else the likeliest other.

Old subtitle files don't say in which encoding they are. Where letters beyond ASCII stand side
by side the text is in another script, and the encoding is right that makes most of them its
language's commonest letters; where they stand alone they are accents, and the encoding is right
in which one language has them all. What was assumed is told, for a guess may be wrong.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from clipforge_desktop.domain.errors import InputError

_SAMPLE_BYTES = 100_000
_OTHER_SCRIPT = 0.6  # so many of the bytes beyond ASCII have one beside them
_BELIEVED = 0.5  # less of the expected share than this is no language
_SIDE_BY_SIDE = re.compile(rb"[\x80-\xff]{2,}")
_MARKS = frozenset("«»„“”‘’‚‹›…–—¿¡°·♪\u00a0\u200e\u200f\u3000、。，．！？：・「」『』《》（）～")
_CYRILLIC = "оеаинтсрвл"
_KANA = "".join(map(chr, range(0x3041, 0x3094)))
_SCRIPTS = (  # codec, name, common letters, the share of them in running text
    ("cp1251", "Windows-1251 (Cyrillic)", _CYRILLIC, 0.65),
    ("koi8_r", "KOI8-R (Cyrillic)", _CYRILLIC, 0.65),
    ("cp1253", "Windows-1253 (Greek)", "αοιετσνηυρκπάό", 0.7),
    ("cp1255", "Windows-1255 (Hebrew)", "יוהלארמתבש", 0.7),
    ("cp1256", "Windows-1256 (Arabic)", "اليمونرتبة", 0.7),
    ("cp874", "Windows-874 (Thai)", "านรอกเงมยลว่้ีัิ", 0.65),
    ("cp932", "Shift JIS (Japanese)", _KANA, 0.5),
    ("euc_jp", "EUC-JP (Japanese)", _KANA, 0.5),
    ("cp949", "EUC-KR (Korean)", "이다는에을가고의하지로은도를어그아니", 0.3),
    ("gb18030", "GB 18030 (Chinese)", "的一是不了我在人有他这你们来上大到说就好", 0.2),
    ("cp950", "Big5 (Chinese)", "的一是不了我在人有他這你們來上大到說就好", 0.2),
)
_WESTERN = ("cp1252", "Windows-1252 (Western European)")
_ACCENTS = (  # codec, name, the letters with accents of its languages; of equals the first
    (*_WESTERN, "éèêëàâçùûüîïôœ äöüß áéíóúñü ãçáéíóúâêõà àèéìíòóùú åäöæøé"),
    ("cp1250", "Windows-1250 (Central European)",
     "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű čćđšž ăâîşţșț"),
    ("cp1254", "Windows-1254 (Turkish)", "çğıöşüâî\u0307"),
    (*_WESTERN, "áéíóúýþæöð"),  # Icelandic, whose rarest letters are Turkey's commonest
)  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    """The text of a file. `assumed` names its encoding for people, "" where it is known."""

    text: str
    assumed: str = ""


def decode_text(data: bytes, name: str) -> Decoded:
    """Text of a file, its lines ended by "\\n". Raises InputError for binary data."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return Decoded(_normal(data.decode(encoding, errors="replace")))
    zeros = data[:4096].count(0)
    if zeros > len(data[:4096]) // 4:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text = data.decode(encoding, errors="replace")
        if sum(c.isprintable() or c.isspace() for c in text[:1000]) > 0.9 * len(text[:1000]):
            return Decoded(_normal(text))
    if zeros:
        raise InputError(
            "transcript_unreadable",
            f"{name} holds binary data, not text.",
            "Choose another transcript, or leave it out to have the speech recognised.",
        )
    try:
        return Decoded(_normal(data.decode("utf-8")))
    except UnicodeDecodeError:
        codec, assumed = _likeliest(data)
        return Decoded(_normal(data.decode(codec, errors="replace")), assumed)


def _likeliest(data: bytes) -> tuple[str, str]:
    """(codec, name) of the encoding in which the bytes look most like a language."""
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())
    sample = lines[:_SAMPLE_BYTES]
    beside = sum(len(run) for run in _SIDE_BY_SIDE.findall(sample))
    if beside > _OTHER_SCRIPT * sum(byte > 0x7F for byte in sample):
        score, codec, name = max(
            ((_share(sample, codec, letters) / usual, codec, name)
             for codec, name, letters, usual in _SCRIPTS),
            key=lambda found: found[0],
        )  # fmt: skip
        return (codec, name) if score >= _BELIEVED else _WESTERN
    _, codec, name = max(
        ((_share(sample, codec, letters), codec, name)
         for codec, name, languages in _ACCENTS
         for letters in languages.split()),
        key=lambda found: found[0],
    )  # fmt: skip
    return codec, name


def _share(sample: bytes, codec: str, letters: str) -> float:
    """How many of the characters beyond ASCII are `letters`, punctuation not counted.

    Capitals inside words speak for the wrong encoding, unless there are no small letters.
    """
    text = sample.decode(codec, errors="replace")
    beyond = [
        (before, character)
        for before, character in pairwise(" " + text)
        if character > "\x7f" and character not in _MARKS
    ]
    has_small = any(character.islower() for _, character in beyond)
    common = sum(
        character.lower()[-1] in letters
        for before, character in beyond
        if not (has_small and character.isupper() and before.isalpha())
    )
    return common / max(len(beyond), 1)


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
