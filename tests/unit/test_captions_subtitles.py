"""Subtitle files: readable by others, on the given clock, with hostile text taken literally."""

import json
from pathlib import Path

import pysubs2
import pytest

from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.subtitles import write_ass, write_srt, write_vtt, write_words
from clipforge_desktop.domain.transcript import Word

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
    assert read[0].text.startswith(r"{\kf40}Hello")
    assert read[0].plaintext.replace("\n", " ") == "Hello there, world."


@pytest.mark.parametrize("text", [r"{\fs900}x", r"a\Nb", "{", "}"])
def test_ass_text_cannot_become_a_code(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clip.ass"
    write_ass((Word(0, 1, text),), file, load_style("clean"))
    written = pysubs2.load(str(file))[0].text.split("}", 1)[1]
    assert "\\N" not in written
    assert "{" not in written.replace("\\{", "")


def test_word_files_hold_every_word_with_its_time(tmp_path: Path) -> None:
    file = tmp_path / "clip.json"
    write_words((*WORDS, Word(70, 71, "日本", joined=True, speaker="A")), file)
    rows = json.loads(file.read_text(encoding="utf-8"))["words"]
    assert [row["text"] for row in rows] == ["Hello", "there,", "world.", "Again.", "日本"]
    assert rows[3]["start_s"] == 65.25
    assert rows[4] == {"start_s": 70, "end_s": 71, "text": "日本", "joined": True, "speaker": "A"}


def test_no_words_make_an_empty_file_that_can_be_read(tmp_path: Path) -> None:
    write_srt((), tmp_path / "a.srt")
    write_vtt((), tmp_path / "a.vtt")
    assert (tmp_path / "a.srt").read_text() == ""
    assert (tmp_path / "a.vtt").read_text() == "WEBVTT\n"
