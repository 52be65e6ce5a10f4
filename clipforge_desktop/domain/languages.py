"""Names of languages as recognisers and people write them, to ISO 639-1 codes and back.

Recorded Whisper output names languages by code, by English name ("Japanese") and by tag
("en-US"). Codes are those that Whisper knows; "yue" and "haw" have no two-letter form.
Here, and not with the recognisers, so that the command line can refuse a language at once.
"""

from clipforge_desktop.domain.errors import InputError

AUTO = "auto"

_NAMES = (
    "en english|zh chinese|de german|es spanish|ru russian|ko korean|fr french|ja japanese|"
    "pt portuguese|tr turkish|pl polish|ca catalan|nl dutch|ar arabic|sv swedish|it italian|"
    "id indonesian|hi hindi|fi finnish|vi vietnamese|he hebrew|uk ukrainian|el greek|ms malay|"
    "cs czech|ro romanian|da danish|hu hungarian|ta tamil|no norwegian|th thai|ur urdu|"
    "hr croatian|bg bulgarian|lt lithuanian|la latin|mi maori|ml malayalam|cy welsh|sk slovak|"
    "te telugu|fa persian|lv latvian|bn bengali|sr serbian|az azerbaijani|sl slovenian|"
    "kn kannada|et estonian|mk macedonian|br breton|eu basque|is icelandic|hy armenian|"
    "ne nepali|mn mongolian|bs bosnian|kk kazakh|sq albanian|sw swahili|gl galician|mr marathi|"
    "pa punjabi|si sinhala|km khmer|sn shona|yo yoruba|so somali|af afrikaans|oc occitan|"
    "ka georgian|be belarusian|tg tajik|sd sindhi|gu gujarati|am amharic|yi yiddish|lo lao|"
    "uz uzbek|fo faroese|ht haitian creole|ps pashto|tk turkmen|nn nynorsk|mt maltese|"
    "sa sanskrit|lb luxembourgish|my myanmar|bo tibetan|tl tagalog|mg malagasy|as assamese|"
    "tt tatar|haw hawaiian|ln lingala|ha hausa|ba bashkir|jw javanese|su sundanese|yue cantonese"
)
LANGUAGES: dict[str, str] = dict(pair.split(" ", 1) for pair in _NAMES.split("|"))
_ALIASES = {
    "burmese": "my",
    "valencian": "ca",
    "flemish": "nl",
    "haitian": "ht",
    "letzeburgesch": "lb",
    "pushto": "ps",
    "panjabi": "pa",
    "moldavian": "ro",
    "moldovan": "ro",
    "sinhalese": "si",
    "castilian": "es",
    "mandarin": "zh",
    "farsi": "fa",
    "jv": "jw",
    "iw": "he",
    "nb": "no",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "nld": "nl",
    "dut": "nl",
    "jpn": "ja",
    "zho": "zh",
    "chi": "zh",
    "kor": "ko",
    "rus": "ru",
    "pol": "pl",
    "tur": "tr",
    "ara": "ar",
    "hin": "hi",
}
_CODES = {name: code for code, name in LANGUAGES.items()} | _ALIASES


def language_code(written: str) -> str:
    """The code for a code, an English name or a tag such as "en-US"; "" when not understood."""
    name = written.strip().casefold()
    if name in LANGUAGES:
        return name
    if name in _CODES:
        return _CODES[name]
    head = name.replace("_", "-").split("-")[0]
    return head if head in LANGUAGES else _CODES.get(head, "")


def wanted_language(written: str) -> str:
    """The language asked for as a code, or "auto". Raises InputError `language_unknown`."""
    if written.strip().casefold() in ("", AUTO):
        return AUTO
    code = language_code(written)
    if not code:
        raise InputError(
            "language_unknown",
            f'"{written[:60]}" is no language that ClipForge knows.',
            'Give a code such as "en" or "de", or "auto".',
        )
    return code


def language_name(code: str) -> str:
    """The English name of a code, for people to read: "Japanese"; the code when unknown."""
    return LANGUAGES.get(code, code).title()
