"""Which words of a transcript are no speech: "[door slams]", "♪ music ♪", "(laughs)".

Kept in the domain because both who finds sentences and who writes captions ask. Square brackets,
notes and asterisks are only ever written for sounds. Round ones hold asides as well, "(as I said
before)": those are words, unless they name a sound or stand where a sentence would.
"""

from collections.abc import Sequence

MAX_SOUND_WORDS = 8
"""A bracket that was opened and never closed stops counting as a sound here."""
_NOTES = "♪♫♬"
_ROUND = {"(": ")", "（": "）"}  # noqa: RUF001 (Chinese and Japanese ones)
_ENDS = ".!?…。！？।؟۔♪♫♬])）"  # noqa: RUF001
_AFTER = ".,!?"
_NAMES = """
laughs laughing laughter chuckles chuckling chuckle giggles giggling applause applauds clapping
claps cheers cheering music singing sings humming hums sighs sighing sigh coughs coughing cough
sneezes gasps gasping sniffs sniffles sobs sobbing crying cries screams screaming shouts
shouting whispers whispering groans grunts yawns whistles whistling beep beeps bleep ringing
rings knocking knocks slams footsteps silence pause crosstalk inaudible unintelligible
indistinct exhales inhales
lacht lachen lachend gelächter applaus beifall klatschen jubel musik seufzt hustet räuspert
weint flüstert stille unverständlich gelach muziek
rire rires applaudissements musique soupire soupir tousse risa risas ríe aplausos música
suspira tose silencio risos silêncio risate applausi musica śmiech oklaski muzyka müzik
смех смеется смеётся аплодисменты музыка вздыхает ضحك تصفيق موسيقى 웃음 박수 음악
笑 笑い 爆笑 拍手 音楽 笑声 掌声 音乐
"""
_MOST_WITH_NAME = 4  # words: an aside of more may name a sound as well
_PERSONS = "i i'm i've you we he she it they ich wir sie er je nous vous yo я мы"
_GOING_ON = """
as and but or so not because if that which who like where when only even just at least in on
und oder aber nicht wie also et mais ou pas comme y pero o no como e ma non
"""
_SOUND_NAMES = frozenset(_NAMES.split())
_SPEAKERS = frozenset(_PERSONS.split())
_ASIDE_STARTS = frozenset(_GOING_ON.split())


def sounds_in(texts: Sequence[str]) -> list[bool]:
    """For each word of a text in order whether it belongs to a sound."""
    is_sound = [False] * len(texts)
    index = 0
    while index < len(texts):
        end = _end_of(texts, index)
        is_sound[index:end] = [True] * (end - index)
        index = max(end, index + 1)
    return is_sound


def is_sound_line(texts: Sequence[str]) -> bool:
    """Whether a line of a transcript file says nothing but sounds, or is sung."""
    return bool(texts) and (texts[0][:1] in tuple(_NOTES) or all(sounds_in(texts)))


def _end_of(texts: Sequence[str], first: int) -> int:
    """Where the sound ends that begins with word `first`; `first` when none does.

    A note that is alone says nothing of its neighbours.
    """
    text = texts[first]
    opener = text[:1]
    if opener == "[":
        return _closed(texts, first, "]") or min(first + MAX_SOUND_WORDS, len(texts))
    if opener and opener in _NOTES:
        return _closed(texts, first, _NOTES) or first + 1
    if opener in _ROUND:
        end = _closed(texts, first, _ROUND[opener])
        return end if end and _is_no_aside(texts, first, end) else first
    is_starred = opener == "*" and text.endswith("*") and any(map(str.isalpha, text))
    return first + 1 if is_starred else first


def _closed(texts: Sequence[str], first: int, closers: str) -> int:
    """Where what opens with word `first` is closed, soon enough; 0 when it is not."""
    for index in range(first, min(first + MAX_SOUND_WORDS, len(texts))):
        is_opener = index == first and len(texts[index]) == 1
        if not is_opener and texts[index].rstrip(_AFTER).endswith(tuple(closers)):
            return index + 1
    return 0


def _is_no_aside(texts: Sequence[str], first: int, end: int) -> bool:
    said = " ".join(texts[first:end]).rstrip(_AFTER)[1:-1].strip()
    words = said.casefold().replace("\u2019", "'").replace(",", "").split()
    if not words or words[0] in _ASIDE_STARTS or not _SPEAKERS.isdisjoint(words):
        return False
    if len(words) <= _MOST_WITH_NAME and not _SOUND_NAMES.isdisjoint(words):
        return True
    before = texts[first - 1] if first else "."
    after = texts[end] if end < len(texts) else ""
    return before.endswith(tuple(_ENDS)) and not after[:1].islower() and said[-1:] not in _ENDS
