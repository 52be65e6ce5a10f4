"""What we write as subtitles and read again says the same words at the same times."""

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


@pytest.mark.parametrize("kind", ["ass", "json"])
def test_files_that_carry_word_times_keep_them(kind: SubtitleKind, tmp_path: Path) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(subtitles_of(SAID, kind, style=CaptionStyle(name="x")), encoding="utf-8")
    starts = [word.start_s for word in read_back(file)]
    assert starts == pytest.approx([word.start_s for word in SAID], abs=0.02)


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_files_of_lines_keep_every_word_within_its_line(kind: SubtitleKind, tmp_path: Path) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(subtitles_of(SAID, kind, style=CaptionStyle(name="x")), encoding="utf-8")
    again = read_back(file)
    assert all(word.end_s <= 4.0 for word in again[:5])
    assert all(word.start_s >= 3.9 for word in again[5:])


def test_words_without_spaces_stay_whole_and_joined(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    write_words(JAPANESE, file, "ja")
    again = read_back(file)
    assert [(word.text, word.joined) for word in again] == [("誰も", False), ("来た", True)]
    assert [word.start_s for word in again] == pytest.approx([1.0, 1.4])
