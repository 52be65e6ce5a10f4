"""Transcript files of every shape people have, and the hostile ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.speech.cues import MAX_CUES, MAX_FILE_BYTES
from clipforge_desktop.speech.sidecar import SidecarTranscript, find_sidecar, read_sidecar
from clipforge_desktop.speech.voice import Floats
from tests.unit.transcript_files import read, text

SRT = """1
00:00:01,000 --> 00:00:03,000
JOHN: <i>Hello</i> there, {\\an8}friend.

2
00:00:03,500 --> 00:00:06,000
- Nice &amp; warm.
- Indeed.
"""
VTT = """WEBVTT
Kind: captions

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000 align:start position:0%
<v Mary Ann>Hello <b>there</b>.

00:03.500 --> 00:06.000
Good bye.
"""
ROLLING = """WEBVTT

00:00:00.000 --> 00:00:02.000 align:start
so<00:00:00.500><c> we</c><00:00:01.000><c> begin</c>

00:00:02.000 --> 00:00:02.010
so we begin

00:00:02.010 --> 00:00:04.000
so we begin
with<00:00:02.800><c> the</c><00:00:03.200><c> end</c>
"""
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial,not a number,broken

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,a note
Dialogue: 0,0:00:01.00,0:00:03.00,Default,Mary,0,0,0,,{\\b1}Hello{\\b0}\\Nthere.
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}
Dialogue: 0,nonsense,0:00:04.00,Default,,0,0,0,,lost
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,Bye.
"""


def refused(tmp_path: Path, name: str, content: str | bytes) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        read(tmp_path, name, content)
    assert error.value.failure.next_step
    return error.value.failure.code, error.value.failure.message


def assert_in_order(result: SidecarTranscript, duration_s: float = 10.0) -> None:
    last_s = 0.0
    for word in result.words:
        assert last_s <= word.start_s < word.end_s <= duration_s
        last_s = word.end_s


def test_srt_loses_its_labels_and_markup_and_keeps_its_words(tmp_path: Path) -> None:
    result = read(tmp_path, "talk.srt", SRT)
    assert text(result) == "Hello there, friend. Nice & warm. Indeed."
    assert {word.speaker for word in result.words[:3]} == {"JOHN"}
    assert result.words[0].start_s == pytest.approx(1.0, abs=0.01)
    assert result.words[3].start_s == pytest.approx(3.5, abs=0.01)
    assert_in_order(result)


def test_vtt_with_notes_styles_names_and_voices_is_read(tmp_path: Path) -> None:
    result = read(tmp_path, "talk.vtt", VTT)
    assert text(result) == "Hello there. Good bye."
    assert result.words[0].speaker == "Mary Ann"


def test_rolling_captions_say_each_line_once_with_their_word_times(tmp_path: Path) -> None:
    result = read(tmp_path, "talk.vtt", ROLLING)
    assert text(result) == "so we begin with the end"
    starts = [word.start_s for word in result.words]
    assert starts == pytest.approx([0.0, 0.5, 1.0, 2.01, 2.8, 3.2], abs=0.002)


def srt(*cues: tuple[float, float, str]) -> str:
    return "".join(
        f"{number}\n00:00:{start_s:06.3f} --> 00:00:{end_s:06.3f}\n{said}\n\n"
        for number, (start_s, end_s, said) in enumerate(cues, 1)
    )


def test_what_is_said_twice_is_kept_and_what_is_shown_twice_is_not(tmp_path: Path) -> None:
    said = srt((1, 2, "Yes."), (2, 3, "Yes."), (3.05, 4, "Yes."), (4, 5, "No."))
    assert text(read(tmp_path, "said.srt", said)) == "Yes. Yes. Yes. No."
    shown = srt((1, 2, "Yes."), (1, 2, "Yes."), (1.9, 3, "Yes."), (3, 3.01, "Yes."))
    assert text(read(tmp_path, "shown.srt", shown)) == "Yes."
    rolling = srt(
        (1, 2, "so"), (2, 2.01, "so"), (2.01, 4, "so\nwe"), (4, 5, "we"), (5, 6, "we\ngo")
    )
    assert text(read(tmp_path, "rolling.srt", rolling)) == "so we go"
    timed = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nso<00:01.500> we\n\n00:02.000 --> 00:03.000\nso we\n"
    )
    assert text(read(tmp_path, "timed.vtt", timed)) == "so we"


def pieces(
    count: int, length_s: float, said: str, start_s: float = 1.0
) -> list[tuple[float, float, str]]:
    starts_s = [start_s + number * length_s for number in range(count)]
    return [(at_s, at_s + length_s, said) for at_s in starts_s]


def test_captions_that_are_held_while_they_roll_say_each_line_once(tmp_path: Path) -> None:
    rolled = srt((1, 2, "A\nB"), (2, 3, "B\nC"), (3, 4, "B\nC"), (4, 5, "B\nC"), (5, 6, "C\nD"))
    assert text(read(tmp_path, "rolled.srt", rolled)) == "A B C D"
    left = srt((1, 2, "A\nB"), (2, 3, "B"), (3, 4, "B"), (5, 6, "B"))
    assert text(read(tmp_path, "left.srt", left)) == "A B B"
    layers = srt((1, 2, "A"), (1, 2, "A"), (2, 3, "A"), (2, 3, "A"))
    assert text(read(tmp_path, "layers.srt", layers)) == "A A"


def test_what_fades_in_equal_short_cues_is_said_once(tmp_path: Path) -> None:
    faded = [*pieces(5, 0.2, "Hello."), (2, 4, "Hello."), (4, 5, "Bye."), (5, 6, "Bye.")]
    result = read(tmp_path, "faded.srt", srt(*faded))
    assert text(result) == "Hello. Bye. Bye."
    assert (result.words[0].start_s, result.words[0].end_s) == pytest.approx((1, 4), abs=0.01)
    held = [(0.2, 1, "Hello."), *pieces(3, 0.2, "Hello."), *pieces(3, 0.2, "Bye.", 1.6)]
    assert text(read(tmp_path, "held.srt", srt(*held))) == "Hello. Bye."
    words = [*pieces(2, 0.3, "very"), (1.6, 1.9, "good"), *pieces(3, 0.5, "no", 1.9)]
    assert text(read(tmp_path, "words.srt", srt(*words))) == "very very good no no no"
    spoken = srt((1, 1.2, "no"), (1.2, 1.5, "no"), (1.5, 1.75, "no"))
    assert text(read(tmp_path, "spoken.srt", spoken)) == "no no no"


def test_ass_drawings_comments_tags_and_broken_lines_are_left_out(tmp_path: Path) -> None:
    result = read(tmp_path, "talk.ass", ASS)
    assert text(result) == "Hello there. Bye."
    assert result.words[0].speaker == "Mary"
    assert "line 13" in result.notices[0]


KARAOKE = [
    (
        "{\\kf50}ka{\\kf20}ra{\\kf80}o{\\kf50}ke {\\k50}now",
        [("karaoke", 1.0, 3.0), ("now", 3.0, 3.5)],
    ),
    ("{\\k20}Hel{\\i1}lo{\\k30}{\\k50} there", [("Hello", 1.0, 1.2), ("there", 1.5, 2.0)]),
    (
        "We {\\k50}sing\\N{\\k50}loud{\\k50}er!",
        [("We", 1, 1), ("sing", 1.0, 1.5), ("louder!", 1.5, 2.5)],
    ),
    (
        "{\\k50}\u8ab0{\\k50}\u3082{\\k50}rock",
        [("\u8ab0", 1.0, 1.5), ("\u3082", 1.5, 2.0), ("rock", 2.0, 2.5)],
    ),
]


@pytest.mark.parametrize(("line", "expected"), KARAOKE)
def test_syllables_of_karaoke_are_one_word_unless_a_space_stands_between_them(
    tmp_path: Path, line: str, expected: list[tuple[str, float, float]]
) -> None:
    head = ASS.partition("Comment:")[0]
    sung = f"Dialogue: 0,0:00:01.00,0:00:04.00,Default,,0,0,0,,{line}\n"
    again = f"Dialogue: 0,0:00:04.00,0:00:07.00,Default,,0,0,0,,{line}\n"
    words = read(tmp_path, "song.ass", head + sung + sung + again).words
    assert len(words) == 2 * len(expected), "two layers are one line, a line sung twice is two"
    for word, (said, start_s, end_s) in zip(words, expected, strict=False):
        assert word.text == said
        assert (word.start_s, word.end_s) == pytest.approx((start_s, end_s), abs=0.005)
    assert [word.joined for word in words[: len(expected)]] == [
        said in ("\u3082", "rock") for said, *_ in expected
    ]


def test_syllables_and_second_lines_of_timed_vtt_are_kept(tmp_path: Path) -> None:
    cue = "00:01.000 --> 00:04.000\nOne\n<00:01.500>ka<00:02.000>ra<00:02.500>\n<00:03.000>end\n"
    words = read(tmp_path, "song.vtt", f"WEBVTT\n\n{cue}").words
    assert [(word.text, word.start_s, word.end_s) for word in words] == [
        ("One", 1.0, 1.5),
        ("kara", 1.5, 2.5),
        ("end", 3.0, 4.0),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_and_line_ending_is_read(tmp_path: Path, encoding: str) -> None:
    content = "1\r\n00:00:01,000 --> 00:00:02,000\r\nCaf\u00e9 ol\u00e9\r\n".encode(encoding)
    assert text(read(tmp_path, "talk.srt", content)) == "Caf\u00e9 ol\u00e9"


OLD_ENCODINGS = {
    "cp1251": "Никто не сказал мне, что это будет так трудно.",
    "koi8_r": "Никто не сказал мне, что это будет так трудно.",
    "cp1253": "Κανείς δεν μου είπε ότι θα ήταν τόσο δύσκολο.",
    "cp1255": "אף אחד לא אמר לי שזה יהיה כל כך קשה.",
    "cp1256": "لم يخبرني أحد أن الأمر سيكون بهذه الصعوبة.",
    "cp874": "ไม่มีใครบอกฉันว่ามันจะยากขนาดนี้",
    "cp932": "誰もこんなに難しいとは言わなかった。",
    "euc_jp": "誰もこんなに難しいとは言わなかった。",
    "cp949": "아무도 이렇게 어려울 것이라고 말하지 않았어요.",
    "gb18030": "没有人告诉我这会这么难。我们早上出发。",
    "cp950": "沒有人告訴我這會這麼難。我們早上出發。",
    "cp1250": "Nikdo mi neřekl, že to bude tak těžké. Odešli jsme.",
    "cp1254": "Kimse bana bunun bu kadar zor olaca\u011f\u0131n\u0131 söylemedi. İyi şanslar.",
    "cp1252": "Où êtes-vous allé\u00a0? À très bientôt, “Zoë”.",
}


@pytest.mark.parametrize("encoding", OLD_ENCODINGS)
def test_text_in_an_old_encoding_is_read_and_the_guess_is_told(
    tmp_path: Path, encoding: str
) -> None:
    said = OLD_ENCODINGS[encoding]
    content = f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n"
    result = read(tmp_path, "talk.srt", content.encode(encoding))
    assert "".join(word.text for word in result.words) == said.replace(" ", "")
    [notice] = result.notices
    assert "was assumed" in notice
    assert "save it as UTF-8" in notice
    assert not read(tmp_path, "talk.srt", content).notices


def test_words_are_placed_where_the_sound_is(tmp_path: Path) -> None:
    sound = np.zeros(160_000, np.float32)
    for start_s, end_s in ((3.0, 3.6), (5.0, 5.6)):
        part = np.arange(round(start_s * 16_000), round(end_s * 16_000))
        sound[part] = 0.3 * np.sin(part * 0.3)

    def samples(low_s: float, high_s: float) -> Floats:
        return sound[round(low_s * 16_000) : round(high_s * 16_000)]

    srt = "1\n00:00:01,000 --> 00:00:09,000\nabcd efgh\n"
    result = read(tmp_path, "talk.srt", srt, samples=samples)
    first, second = result.words
    assert first.start_s == pytest.approx(3.0, abs=0.1)
    assert 3.55 <= first.end_s <= 5.05
    assert second.end_s == pytest.approx(5.6, abs=0.1)
    by_speech = read(
        tmp_path, "talk.srt", srt, speech=(SpeechRange(3.0, 3.6), SpeechRange(5.0, 5.6))
    )
    assert by_speech.words[0].start_s == pytest.approx(3.0, abs=0.1)
    assert by_speech.words[1].end_s == pytest.approx(5.6, abs=0.1)


def test_the_words_that_begin_a_cue_are_told(tmp_path: Path) -> None:
    cues = [(0.5, "one two"), (2.0, "\u200b"), (3.0, "three"), (3.5, "four five"), (9.999, "six")]
    text = "\n".join(
        f"00:00:{at_s:06.3f} --> 00:00:{at_s + 1.4:06.3f}\n{line}\n" for at_s, line in cues
    )
    result = read(tmp_path, "talk.vtt", f"WEBVTT\n\n{text}")
    firsts = [result.words[first].text for first in result.line_starts]
    assert firsts == ["one", "three", "four", "six"]


def test_overlapping_unsorted_and_endless_cues_come_out_in_order(tmp_path: Path) -> None:
    srt = (
        "1\n00:00:05,000 --> 00:00:09,000\nlater words here\n\n"
        "2\n00:00:01,000 --> 00:00:30,000\nfirst words here\n\n"
        "3\n00:00:02,000 --> 00:00:02,000\nno length at all\n\n"
        "4\n00:00:40,000 --> 00:00:41,000\nbehind the end\n"
    )
    result = read(tmp_path, "talk.srt", srt)
    assert text(result) == "first words here no length at all later words here"
    assert_in_order(result)
    assert "One cue lies behind the end of the video" in result.notices[-1]


def test_negative_and_nan_times_are_left_out_and_named(tmp_path: Path) -> None:
    srt = "1\n-00:00:01,000 --> 00:00:02,000\nminus\n\n2\nNaN --> NaN\nnot\n\n" + SRT
    result = read(tmp_path, "talk.srt", srt)
    assert text(result).startswith("Hello there,")
    assert "2 cues" in result.notices[0]
    assert "line 2" in result.notices[0]
    segments = [
        {"start": float("nan"), "end": 1.0, "text": "a"},
        {"start": -4.0, "end": 1.0, "text": "b"},
        {"start": 3.0, "end": 1.0, "text": "c"},
        {"start": 1.0, "end": 2.0, "text": "good"},
        "junk",
    ]
    result = read(tmp_path, "talk.json", json.dumps({"segments": segments}))
    assert text(result) == "good"
    assert "segment 1" in result.notices[0]


def test_a_million_cues_are_refused_with_the_line(tmp_path: Path) -> None:
    many = "1\n00:00:01,000 --> 00:00:02,000\na\n\n" * (MAX_CUES + 1)
    code, message = refused(tmp_path, "talk.srt", many)
    assert code == "transcript_too_long"
    assert f"line {4 * MAX_CUES + 2}" in message


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    with file.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InputError) as error:
        read_sidecar(file, 10.0)
    assert error.value.failure.code == "transcript_too_big"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("talk.srt", b"\x7fELF\0\0\0\1" * 900, "transcript_unreadable"),
        ("talk.srt", b"", "transcript_empty"),
        ("talk.srt", b"only some prose\n" * 50, "transcript_empty"),
        ("talk.vtt", b"WEBVTT\n\nNaN --> 1\nx\n", "transcript_empty"),
        ("talk.json", b"[" * 100_000, "transcript_unreadable"),
        ("talk.json", b'{"name": "left-pad"}', "transcript_unreadable"),
        ("talk.json", b'{"segments": []}', "transcript_empty"),
        ("talk.docx", b"PK", "transcript_kind"),
    ],
)
def test_what_is_no_transcript_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    assert refused(tmp_path, name, content)[0] == code


def test_text_that_looks_like_markup_stays_text_and_is_bounded(tmp_path: Path) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\n5 < 6 and a\u200b\u202eb\n\n"
    result = read(tmp_path, "talk.srt", srt)
    assert text(result) == "5 < 6 and ab"
    long = "1\n00:00:01,000 --> 00:00:02,000\n" + "x" * 100_000 + "\n\n" + SRT
    assert "longer than" in read(tmp_path, "talk.srt", long).notices[0]


def test_the_transcript_beside_the_video_is_found(tmp_path: Path) -> None:
    video = tmp_path / "my.talk.mp4"
    video.write_bytes(b"")
    assert find_sidecar(video) is None
    (tmp_path / "my.talk.json").write_text('{"codec": "h264"}')
    (tmp_path / "my.talk.notes.srt").write_text(SRT)
    (tmp_path / "other.srt").write_text(SRT)
    assert find_sidecar(video) is None
    tagged = tmp_path / "my.talk.en-US.srt"
    tagged.write_text(SRT)
    assert find_sidecar(video) == tagged
    assert read_sidecar(tagged, 10.0).language == "en"
    (tmp_path / "my.talk.json").write_text('{"segments":[{"start":0,"end":1,"text":"Hi"}]}')
    assert find_sidecar(video) == tmp_path / "my.talk.json"
    (tmp_path / "my.talk.srt").write_text(SRT)
    assert find_sidecar(video) == tmp_path / "my.talk.srt"


def test_chinese_cues_become_joined_pieces(tmp_path: Path) -> None:
    srt = "1\n00:00:01,000 --> 00:00:03,000\n\u4f60\u597d\uff0c\u4e16\u754c\u3002\n"
    result = read(tmp_path, "talk.srt", srt)
    assert "".join(word.text for word in result.words) == "\u4f60\u597d\uff0c\u4e16\u754c\u3002"
    assert [word.joined for word in result.words] == [False, True, True, True]


def test_a_name_too_long_to_have_anything_beside_it_is_no_error(tmp_path: Path) -> None:
    assert find_sidecar(tmp_path / ("é" * 125 + ".mp4")) is None


def test_times_of_hundreds_of_digits_are_no_times(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    first = '{"start": 0, "end": 1' + "0" * 400 + ', "text": "Hello there."}'
    second = '{"start": 2, "end": 3, "text": "Goodbye."}'
    file.write_text('{"segments": [' + first + ", " + second + "]}", "utf-8")
    assert "Goodbye." in [word.text for word in read_sidecar(file, 10.0).words]
