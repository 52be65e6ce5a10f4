"""What we write as subtitles and read again says the same words at the same times."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop.captions.subtitles import SubtitleKind, subtitles_of, write_words
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.sidecar import read_sidecar

SAID = (
    Word(0.5, 0.9, "Nobody"),
    Word(0.95, 1.2, "{really}"),
    Word(1.2, 1.5, "told"),
    Word(1.6, 1.9, "<us>"),
    Word(1.9, 2.4, "R&D."),
    Word(4.0, 4.4, "Nothing", speaker="Mira"),
    Word(4.4, 4.9, "at"),
    Word(4.9, 5.2, "all."),
)
JAPANESE = (Word(1.0, 1.4, "誰も"), Word(1.4, 1.9, "来た", joined=True))


def read_back(file: Path) -> tuple[Word, ...]:
    return read_sidecar(file, 10.0).words


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "json"])
def test_the_words_are_the_same(kind: SubtitleKind, tmp_path: Path) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(subtitles_of(SAID, kind, style=CaptionStyle(name="x")), encoding="utf-8")
    assert [word.text for word in read_back(file)] == [word.text for word in SAID]


@pytest.mark.parametrize("kind", ["vtt", "ass", "json"])
def test_files_that_carry_word_times_keep_them(kind: SubtitleKind, tmp_path: Path) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(subtitles_of(SAID, kind, style=CaptionStyle(name="x")), encoding="utf-8")
    again = read_back(file)
    assert [w.start_s for w in again] == pytest.approx([w.start_s for w in SAID], abs=0.02)
    assert again[-1].end_s == pytest.approx(SAID[-1].end_s, abs=0.1)


def test_vtt_times_grow_inside_their_cue_and_tell_pauses(tmp_path: Path) -> None:
    long = "Nobody shared any of the clips that took him all of the night to make."
    said = [Word(1 + n * 0.4, 1.4 + n * 0.4, text) for n, text in enumerate(long.split())]
    said[5] = replace(said[5], end_s=3.1)  # a pause of 0.3 s
    said.append(Word(said[-1].end_s, said[-1].end_s, "Never."))
    said += [Word(8.0, 8.4, "誰も"), Word(8.6, 8.9, "来た", joined=True)]
    file = tmp_path / "talk.vtt"
    file.write_text(subtitles_of(tuple(said), "vtt"), encoding="utf-8")
    text = file.read_text("utf-8")
    assert "clips<00:00:03.100> <00:00:03.400>that" in text.replace("\n", " ")
    for cue in text.split("\n\n")[1:]:
        first, last, *inner = re.findall(r"\d\d:\d\d:\d\d\.\d{3}", cue)
        assert first < last
        assert inner == sorted(set(inner))
        assert all(first < stamp < last for stamp in inner)
    again = read_back(file)
    assert [(w.text, w.joined) for w in again] == [(w.text, w.joined) for w in said]
    for before, after in zip(said, again, strict=True):
        assert after.start_s == pytest.approx(before.start_s, abs=0.05)
    assert again[5].end_s == pytest.approx(3.1)


def test_vtt_tells_where_the_last_word_of_a_cue_ends(tmp_path: Path) -> None:
    said = (Word(1.0, 2.0, "Nobody"), Word(2.0, 2.95, "came."), Word(3.04, 4.0, "Never."))
    file = tmp_path / "talk.vtt"
    file.write_text(subtitles_of(said, "vtt"), encoding="utf-8")
    assert file.read_text("utf-8").count("-->") == 2
    assert [word.end_s for word in read_back(file)] == pytest.approx([2.0, 2.95, 4.0])


def test_files_of_lines_keep_every_word_within_its_line(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text(subtitles_of(SAID, "srt", style=CaptionStyle(name="x")), encoding="utf-8")
    again = read_back(file)
    assert all(word.end_s <= 4.0 for word in again[:5])
    assert all(word.start_s >= 3.9 for word in again[5:])


def test_words_without_spaces_stay_whole_and_joined(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    write_words(JAPANESE, file, "ja")
    again = read_back(file)
    assert [(word.text, word.joined) for word in again] == [("誰も", False), ("来た", True)]
    assert [word.start_s for word in again] == pytest.approx([1.0, 1.4])


INVISIBLE = ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e")


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "json"])
def test_joiners_stay_in_their_words(kind: SubtitleKind, tmp_path: Path) -> None:
    said = tuple(Word(1.0 + n, 1.5 + n, text) for n, text in enumerate(INVISIBLE))
    file = tmp_path / f"talk.{kind}"
    file.write_text(subtitles_of(said, kind, style=CaptionStyle(name="x")), encoding="utf-8")
    assert [word.text for word in read_back(file)] == list(INVISIBLE)


def test_a_hard_space_holds_a_word_together(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    write_words((Word(1.0, 2.0, "10\u00a0000"),), file, "fr")
    assert [word.text for word in read_back(file)] == ["10\u00a0000"]


def test_thai_words_keep_their_signs(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    write_words((Word(1.0, 2.0, "สวัสดีครับ"),), file, "th")
    assert [word.text for word in read_back(file)] == ["สวัสดีครับ"]


def test_an_arrow_that_was_said_swallows_no_words(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    texts = ["a", "-->", "b", "1<2", "x>y"]
    said = [Word(n * 0.5, n * 0.5 + 0.4, text) for n, text in enumerate(texts)]
    file.write_text(subtitles_of(tuple(said), "srt"), encoding="utf-8")
    assert [word.text for word in read_back(file)] == texts
