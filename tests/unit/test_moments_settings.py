"""The files that people edit."""

import shutil
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.moments.settings import load_language, load_ranking
from clipforge_desktop.paths import resources

LANGUAGES = ("en", "de", "es", "fr", "pt", "it")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    shutil.copy(resources() / "ranking.toml", tmp_path)
    shutil.copytree(resources() / "ranking", tmp_path / "ranking")
    return tmp_path


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_shipped_language_has_words_for_every_category(code: str) -> None:
    language = load_language(resources(), code)
    english = load_language(resources(), "en")
    assert language is not None
    assert english is not None
    assert language.language == code
    assert set(language.words) == set(english.words) == set(english.hooks)
    assert all(language.words.values())
    assert language.dull.words
    assert language.openings.clause
    assert language.openings.announcing
    everything = [*language.dull.words, *(w for ws in language.words.values() for w in ws)]
    assert all(word == word.casefold() and word.strip() == word for word in everything)


@pytest.mark.parametrize("code", ["ja", "", "../en", "EN/..", "e n"])
def test_a_language_without_lists_is_none(code: str) -> None:
    assert load_language(resources(), code) is None


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("passage_s = 30.0", "passage_s = nan", "hooks.passage_s"),
        ("best = 2", "best = 1e99", "hooks.best"),
        ("per_hour = 9.0", 'per_hour = "many"', "shelf.per_hour"),
        ("version = 1", "version = 2", "version"),
        ("[spread]", "[sprad]", "sprad"),
        ("[spread]", "[spread", "ranking.toml"),
    ],
)
def test_a_mistake_in_the_ranking_file_is_named(
    files: Path, old: str, new: str, field: str
) -> None:
    path = files / "ranking.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_ranking(files)
    assert caught.value.failure.code == "ranking-file"
    assert field in caught.value.failure.message


def test_a_missing_ranking_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_ranking(tmp_path)
    assert caught.value.failure.code == "ranking-file"
