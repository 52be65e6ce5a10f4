"""The draft on real speech: what it gets right, and that its words sit where they are said."""

import json
import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.speech.voice import find_speech
from tests.pipeline.test_transcribing import FolderContext, media_of, transcribe

pytestmark = pytest.mark.real_media
RAW_OUTPUT = ["-f", "s16le", "-ac", "1", "-ar", "16000", "-"]
JFK = (
    "And so my fellow Americans, ask not what your country can do for you, "
    "ask what you can do for your country."
)


def samples_of(file: Path) -> np.ndarray:
    raw = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(file), *RAW_OUTPUT],
        check=True,
        capture_output=True,
    ).stdout
    return np.frombuffer(raw, "<i2").astype(np.float32) / 32768


def drafted(file: Path, root: Path, **options: str) -> Transcript:
    context = FolderContext(root)
    samples = samples_of(file)
    media_of(context, samples)
    speech = find_speech(context.cache_dir("key") / "audio.s16", check=lambda: None)
    return transcribe(context, media_of(context, samples, speech), file, **options)


def plain(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def word_error_rate(said: list[str], heard: list[str]) -> float:
    costs = list(range(len(heard) + 1))
    for row, word in enumerate(said, 1):
        above, costs[0] = costs[0], row
        for column, other in enumerate(heard, 1):
            change = above + (word != other)
            above = costs[column]
            costs[column] = min(costs[column] + 1, costs[column - 1] + 1, change)
    return costs[-1] / len(said)


def offsets_s(words: tuple[Word, ...], truth: list[tuple[str, float, float]]) -> list[float]:
    """How far the starts of rightly heard words are from the truth."""
    found: list[float] = []
    for word in words:
        same = [start_s for text, start_s, _ in truth if [text] == plain(word.text)]
        if same:
            found.append(min(abs(word.start_s - start_s) for start_s in same))
    return [offset for offset in found if offset < 1.0]


def test_an_old_speech_is_mostly_right_and_in_time(shared: Path, tmp_path: Path) -> None:
    media = shared / "media"
    result = drafted(media / "speech" / "jfk.flac", tmp_path, speech="draft")
    assert (result.origin, result.language) == ("draft", "en")
    heard = plain(result.text(0, len(result.words)))
    assert word_error_rate(plain(JFK), heard) < 0.5
    truth = json.loads((media / "transcripts" / "jfk.words.json").read_text("utf-8"))["words"]
    offsets = offsets_s(result.words, truth)
    assert len(offsets) >= 10
    assert float(np.median(offsets)) < 0.12
    assert len(result.sentences) >= 2


def test_a_read_book_is_mostly_right_and_in_time(shared: Path, tmp_path: Path) -> None:
    media = shared / "media"
    name = "sense_and_sensibility_01_austen_64kb-0880.wav"
    result = drafted(media / "speech" / name, tmp_path, speech="draft")
    said = (media / "transcripts" / "librivox-0880.txt").read_text("utf-8")
    assert word_error_rate(plain(said), plain(result.text(0, len(result.words)))) < 0.5
    listed = json.loads((media / "transcripts" / "librivox-0880.words.json").read_text("utf-8"))
    truth = [(re.sub(r"\(\d\)", "", w["t"]), w["b"], w["b"] + w["d"]) for w in listed["w"]]
    assert float(np.median(offsets_s(result.words, truth))) < 0.06


@pytest.mark.parametrize("name", ["noise1.wav", "2-100648-A-43.wav", "3-103051-C-19.wav"])
def test_sounds_that_are_no_speech_get_no_words(shared: Path, tmp_path: Path, name: str) -> None:
    result = drafted(shared / "media" / "nonspeech" / name, tmp_path)
    assert (result.origin, result.words) == ("none", ())
    assert result.notices
