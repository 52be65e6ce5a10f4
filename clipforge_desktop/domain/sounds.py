"""Which words of a transcript are no speech: "[door slams]", "♪ music ♪", "(laughs)", "*coughs*".

Kept in the domain because both who finds sentences and who writes captions ask. Square brackets
and notes are only ever written for sounds. Round ones hold asides as well, "(as I said before)",
and asterisks hold stressed words, "*really*": those are sounds where they name one, round ones
also where they stand like a sentence. In doubt they are words: one that is lost is worse than a
sound that is shown.
"""

from collections.abc import Sequence

MAX_SOUND_WORDS = 8
"""A bracket that was opened and never closed stops counting as a sound here."""
_NOTES = "♪♫♬"
_ROUND = {"(": ")", "（": "）"}  # noqa: RUF001 (Chinese and Japanese ones)
_PAIRS = {**_ROUND, "[": "]", "*": "*"}
_ENDS = ".!?…。！？।؟۔♪♫♬])）"  # noqa: RUF001
_AFTER = ".,!?;:…—–、。，"  # noqa: RUF001
_ACTS = """
laughs chuckles giggles claps applauds cheers sings hums sighs coughs sneezes gasps sniffs sniffles
sobs cries screams shouts whispers groans grunts yawns whistles beeps rings knocks slams exhales
inhales barks
lacht seufzt hustet räuspert weint flüstert knallt soupire tousse ríe suspira tose
смеется смеётся вздыхает
"""
_NOISES = """
laughing laughter chuckling chuckle giggling applause clapping cheering music singing humming
sighing sigh coughing cough sneezing gasping sobbing crying screaming shouting whispering groaning
whistling beep bleep ringing knocking barking snoring footsteps explosion gunshot gunshots gunfire
silence pause crosstalk inaudible unintelligible indistinct
lachen lachend gelächter applaus beifall klatschen jubel musik stille unverständlich gelach muziek
rire rires applaudissements musique soupir risa risas aplausos música silencio risos silêncio
risate applausi musica śmiech oklaski muzyka müzik
смех аплодисменты музыка ضحك تصفيق موسيقى 웃음 박수 음악
笑 笑い 笑い声 爆笑 拍手 歓声 音楽 ため息 笑声 掌声 音乐
"""
_MUSIC = "music musik muziek musique música musica muzyka müzik музыка"
_MOST_WITH_NAME = 4  # words: an aside of more may name a sound as well
_PERSONS = """
i i'm i've you you're we he she it they my mine your our ich wir sie er mein meine dein unser
je nous vous mon ma mes yo mi я мы мой моя
"""
_THIRD = "he she they er sie il elle ils elles он она они"
_GOING_ON = """
as and but or so not because if that which who like where when only even just at least in on of
for to with this these those there all well yes yeah yep right okay ok sure exactly thank thanks
please sorry oh
und oder aber nicht wie also ja genau danke et mais ou pas comme oui merci y pero o no como e ma
non sí si gracias
"""
_OF_PROSE = """
a an the his her its their some any more much many every each other of for to from with without
about than is are was were
ein eine einen einer der die das den dem sein seine ihr ihre kein keine von mit ohne
un une le la les du des de son sa ses una el los las su sus del il lo gli della o os um uma
"""
_HOW = """
plays playing continues continuing stops starts begins ends fades swells out again laut leise
spielt
"""
_ACT_NAMES = frozenset(_ACTS.split())
_SOUND_NAMES = frozenset(_NOISES.split()) | _ACT_NAMES
_MUSIC_NAMES = frozenset(_MUSIC.split())
_SPEAKERS = frozenset(_PERSONS.split())
_OTHERS = frozenset(_THIRD.split())
_ASIDE_STARTS = frozenset(_GOING_ON.split())
_PROSE = frozenset(_OF_PROSE.split())
_MANNERS = frozenset(_HOW.split())


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
    """Whether a line of a transcript file says nothing but sounds, or is sung.

    No word is lost by it, so what is all in one bracket is taken for a sound sooner than among
    other words: however long it is between square ones, and "(He laughs)".
    """
    line = " ".join(texts).rstrip(_AFTER)
    opener, inner, closer = line[:1], line[1:-1], line[-1:]
    is_one_pair = len(line) > 1 and closer == _PAIRS.get(opener) and closer not in inner
    if line.startswith(tuple(_NOTES)) or (is_one_pair and opener == "["):
        return True
    words = _words_of(inner)
    told = words[1:] if words and words[0] in _OTHERS else words
    return (is_one_pair and _names_sound(told)) or (bool(texts) and all(sounds_in(texts)))


def _end_of(texts: Sequence[str], first: int) -> int:
    """Where the sound ends that begins with word `first`; `first` when none does.

    A note that is alone says nothing of its neighbours.
    """
    text = texts[first]
    opener = text[:1]
    if opener == "[":
        if "]" in text and not text.rstrip(_AFTER).endswith("]"):
            return first  # "[T]he": a letter was put in
        return _closed(texts, first, "]") or min(first + MAX_SOUND_WORDS, len(texts))
    if opener and opener in _NOTES:
        return _closed(texts, first, _NOTES) or first + 1
    if opener in _ROUND:
        end = _closed(texts, first, _ROUND[opener])
        return end if end and _is_no_aside(texts, first, end) else first
    if opener == "*":
        end = _closed(texts, first, "*")
        return end if end and _is_no_stress(texts, first, end) else first
    return first


def _closed(texts: Sequence[str], first: int, closers: str) -> int:
    """Where what opens with word `first` is closed, soon enough; 0 when it is not."""
    for index in range(first, min(first + MAX_SOUND_WORDS, len(texts))):
        is_opener = index == first and len(texts[index]) == 1
        if not is_opener and texts[index].rstrip(_AFTER).endswith(tuple(closers)):
            return index + 1
    return 0


def _words_of(said: str) -> list[str]:
    """The words without case and without the marks around each."""
    return [
        word for text in said.casefold().replace("\u2019", "'").split() if (word := _bare(text))
    ]


def _bare(text: str) -> str:
    letters = [index for index, char in enumerate(text) if char.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _names_sound(words: Sequence[str]) -> bool:
    """Whether the few `words` have a sound's name at their beginning or end."""
    return 0 < len(words) <= _MOST_WITH_NAME and not _SOUND_NAMES.isdisjoint((words[0], words[-1]))


def _is_no_aside(texts: Sequence[str], first: int, end: int) -> bool:
    said = " ".join(texts[first:end]).rstrip(_AFTER).strip("".join([*_ROUND, *_ROUND.values()]))
    words = _words_of(said)
    if not words or words[0] in _ASIDE_STARTS or not _SPEAKERS.isdisjoint(words):
        return False
    if any(char.isdigit() for char in said):
        return False
    before = texts[first - 1] if first else "."
    after = texts[end] if end < len(texts) else ""
    if not before.endswith(tuple(_ENDS)) or after[:1].islower():
        return _names_sound(words) and not _is_named_thing(said, words)
    is_phrase = len(words) > 1 and max(map(len, words)) > 1 and not _is_capitalised(said)
    return _names_sound(words) or (is_phrase and said.rstrip()[-1:] not in _ENDS)


def _is_named_thing(said: str, words: Sequence[str]) -> bool:
    """Whether a sound's name is in the middle of a sentence because that speaks of it."""
    if len(words) == 1:
        return False
    if _is_capitalised(said) or not _PROSE.isdisjoint(words):
        return True
    if words[-1] in _SOUND_NAMES:
        return words[-1] in _MUSIC_NAMES
    return words[-1] not in _MANNERS and not words[-1].endswith("ly")


def _is_capitalised(said: str) -> bool:
    """Whether all words begin like those of a name: "Music Inc", but not "DOOR SLAMS"."""
    return not said.isupper() and all(_bare(text)[:1].isupper() for text in said.split())


def _is_no_stress(texts: Sequence[str], first: int, end: int) -> bool:
    """Whether what is between asterisks tells what somebody does, and is not a stressed word.

    "I love *music*" and "she *laughs* at it" are speech.
    """
    words = _words_of(" ".join(texts[first:end]))
    if not _names_sound(words) or not _SPEAKERS.isdisjoint(words):
        return False
    before = _bare(texts[first - 1].casefold()) if first else ""
    is_stressed = len(words) == 1 and before in _SPEAKERS
    return not is_stressed and not _ACT_NAMES.isdisjoint((words[0], words[-1]))
