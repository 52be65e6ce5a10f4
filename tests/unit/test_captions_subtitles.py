"""Subtitle files: readable by others, on the given clock, with hostile text taken literally."""

import json
from pathlib import Path

import pysubs2
import pytest

from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.subtitles import (
    SubtitleKind,
    subtitles_of,
    subtitles_of_clip,
    write_ass,
    write_srt,
    write_vtt,
    write_words,
)
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.clip import Piece, Spoken, TimeMap
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.sidecar import read_sidecar

WORDS = (
    Word(0.5, 0.9, "Hello"),
    Word(0.9, 1.4, "there,"),
    Word(1.4, 2.0, "world."),
    Word(65.25, 65.75, "Again."),
)


def test_srt_keeps_words_and_times(tmp_path: Path) -> None:
    file = tmp_path / "clip.srt"
    write_srt(WORDS, file)
    read = pysubs2.load(str(file))
    assert [event.plaintext for event in read] == ["Hello there, world.", "Again."]
    assert [event.start for event in read] == [500, 65250]
    assert read[0].end >= 2000


def test_srt_takes_hostile_text_literally(tmp_path: Path) -> None:
    file = tmp_path / "clip.srt"
    write_srt((Word(0, 1, r"{\an8}<b>"), Word(1, 2, "a\n\n9\n00:00:00,000 --> x")), file)
    content = file.read_text()
    assert r"{\an8}<b>" in content
    assert content.count(" --> ") == 2  # one is the word's own text
    assert content.split("\n")[0] == "1"
    assert "\n\n9" not in content


def test_vtt_escapes_what_would_be_markup(tmp_path: Path) -> None:
    file = tmp_path / "clip.vtt"
    write_vtt((Word(3661.5, 3662, "<i>&"),), file)
    assert file.read_text().startswith("WEBVTT\n\n01:01:01.500 --> ")
    assert "&lt;i&gt;&amp;" in file.read_text()


def test_ass_has_karaoke_times_and_the_styles_font(tmp_path: Path) -> None:
    file = tmp_path / "clip.ass"
    write_ass(WORDS, file, load_style("karaoke"))
    read = pysubs2.load(str(file))
    assert read.styles["Default"].fontname == "Montserrat"
    assert r"}{\kf40}Hello {\kf50}there," in read[0].text
    assert read[0].plaintext.replace("\n", " ") == "Hello there, world."


@pytest.mark.parametrize("text", [r"{\fs900}x", r"a\Nb", "{", "}"])
def test_ass_text_cannot_become_a_code(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clip.ass"
    write_ass((Word(0, 1, text),), file, load_style("clean"))
    written = pysubs2.load(str(file))[0].text.split("}", 2)[2]  # behind place and time
    assert "\\N" not in written
    assert "{" not in written.replace("\\{", "")


def test_word_files_hold_every_word_with_its_time(tmp_path: Path) -> None:
    file = tmp_path / "clip.json"
    write_words((*WORDS, Word(70, 71, "日本", 0.5, joined=True, speaker="A")), file, "en")
    segments = json.loads(file.read_text(encoding="utf-8"))["segments"]
    assert [part["text"] for part in segments] == ["Hello there, world.", "Again.", "日本"]
    assert segments[1]["words"][0] == {"word": " Again.", "start": 65.25, "end": 65.75}
    assert segments[2]["words"][0]["word"] == "日本"  # no space: joined
    assert segments[2]["speaker"] == "A"
    assert segments[2]["words"][0]["probability"] == 0.5


SPOKEN = (
    Word(1.0, 1.4, "Nobody", speaker="Mira"),
    Word(1.4, 1.9, "shared", speaker="Mira"),
    Word(1.95, 2.5, "it.", speaker="Mira"),
    Word(4.0, 4.3, "Really?", speaker="Jonas"),
    Word(30.0, 30.6, "<b>&amp;", speaker="Jonas"),
    Word(30.7, 31.2, "costs", speaker="Jonas"),
    Word(31.3, 32.0, "90%!", speaker="Jonas"),
)
PIECES = (Piece(30.0, 32.5), Piece(0.5, 3.0))
"""The end first, then the beginning: a clip may put its pieces in any order."""


def read_back(text: str, kind: str, folder: Path) -> tuple[Word, ...]:
    file = folder / f"talk.{kind}"
    file.write_text(text, encoding="utf-8")
    return read_sidecar(file, 60.0).words


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "json"])
def test_words_come_back_from_every_file_on_the_clock_they_went(
    tmp_path: Path, kind: SubtitleKind
) -> None:
    plain = tuple(word for word in SPOKEN if "<" not in word.text)
    for words, text in (
        (plain, subtitles_of(plain, kind)),
        (
            TimeMap(PIECES).words(plain),
            subtitles_of_clip(Spoken(plain, PIECES, "en", (1080, 1920)), kind),
        ),
    ):
        found = read_back(text, kind, tmp_path)
        assert [word.text for word in found] == [word.text for word in words]
        for before, after in zip(words, found, strict=True):
            near_s = 0.002 if kind == "json" else 1.0  # cues have times, not their words
            assert abs(before.start_s - after.start_s) < near_s
        for first in (0, next(n for n, word in enumerate(words) if n and word.start_s > 2.4)):
            assert abs(words[first].start_s - found[first].start_s) < 0.02


@pytest.mark.parametrize("kind", ["vtt", "ass", "json"])
def test_speakers_come_back_from_files_that_know_them(tmp_path: Path, kind: SubtitleKind) -> None:
    found = read_back(subtitles_of(SPOKEN, kind), kind, tmp_path)
    assert [word.speaker for word in found][:4] == ["Mira", "Mira", "Mira", "Jonas"]


def test_word_json_comes_back_to_the_millisecond(tmp_path: Path) -> None:
    joined = (*SPOKEN, Word(40, 40.5, "日", 0.75), Word(40.5, 41, "本", 0.5, joined=True))
    found = read_back(subtitles_of(joined, "json", language="ja"), "json", tmp_path)
    assert [word.text for word in found] == [word.text for word in joined]
    assert [word.joined for word in found] == [word.joined for word in joined]
    for before, after in zip(joined, found, strict=True):
        assert after.start_s == pytest.approx(before.start_s, abs=0.002)
        assert after.end_s == pytest.approx(before.end_s, abs=0.002)
        assert after.confidence == before.confidence


def test_a_clips_subtitles_leave_out_what_was_cut(tmp_path: Path) -> None:
    srt = subtitles_of_clip(Spoken(SPOKEN, PIECES, "en", (1080, 1920)), "srt")
    assert "Really?" not in srt
    assert srt.index("costs") < srt.index("Nobody")  # in the clip's order
    assert "00:00:00,000 --> " in srt
    assert "00:00:03,000 --> " in srt  # 0.5 s into the second piece, after 2.5 s of the first


def test_ass_stands_where_the_painter_puts_the_captions() -> None:
    text = subtitles_of(SPOKEN, "ass", style=load_style("clean"))
    style = load_style("clean")
    zone = safe_zone((1080, 1920))
    y_px = (zone.top + style.position.y * (1 - zone.top - zone.bottom)) * 1920
    assert f"\\pos(540,{y_px:.0f})" in text
    assert pysubs2.SSAFile.from_string(text).styles["Default"].alignment == 2


def test_ass_lights_each_word_while_it_is_spoken() -> None:
    text = subtitles_of(
        (Word(1, 1.5, "one"), Word(1.5, 2, "two")), "ass", style=load_style("clean")
    )
    active = r"\1c&H4AD8FF&"  # #FFD84A, blue first
    assert rf"\t(0,0,{active})\t(500,500," in text
    assert rf"\t(500,500,{active})" in text


def test_no_words_make_an_empty_file_that_can_be_read(tmp_path: Path) -> None:
    write_srt((), tmp_path / "a.srt")
    write_vtt((), tmp_path / "a.vtt")
    assert (tmp_path / "a.srt").read_text() == ""
    assert (tmp_path / "a.vtt").read_text() == "WEBVTT\n"
