"""Names of exported files: never somebody else's, whole or not there, and no litter."""

import errno
import os
from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import PausingError
from clipforge_desktop.stages.export import files
from clipforge_desktop.stages.export.framing import plain_plan
from clipforge_desktop.stages.export.recipe import (
    RECIPE_VERSION,
    Ingredients,
    Recipe,
    read_recipe,
    write_recipe,
)


def recipe(aspect: str = "9:16", content_key: str = "abc") -> Recipe:
    plan = plain_plan(aspect, (1080, 1920), 2.0)
    ingredients = Ingredients(
        content_key, 1, aspect, (1080, 1920), (30, 1), "standard", (Piece(0, 2),), plan, None, ()
    )
    return Recipe(
        RECIPE_VERSION,
        "1",
        ingredients.key,
        "t",
        "/a.mp4",
        1,
        ingredients,
        2.0,
        3,
        False,
        -14.0,
        -1.0,
        0.0,
    )


def export(folder: Path, stem: str, made: Recipe, content: bytes = b"abc") -> str:
    with files.part_files(folder, [stem]) as (file_set,):
        file_set.parts[".mp4"].write_bytes(content)
        write_recipe(made, file_set.parts[".json"])
        return files.publish(file_set, made.key).stem


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_recipe_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_recipe(recipe(), tmp_path / "a.json")
    assert read_recipe(tmp_path / "a.json") == recipe()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"key": 1}', "\x00\xff"])
def test_a_file_that_is_no_recipe_of_ours_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="latin-1")
    assert read_recipe(tmp_path / "a.json") is None


def test_a_recipe_of_the_same_things_has_the_same_key_and_of_others_another() -> None:
    assert recipe().key == recipe().key
    assert recipe().key != recipe("1:1").key
    assert recipe().key != recipe(content_key="def").key


def test_a_free_name_is_taken_and_parts_are_gone(tmp_path: Path) -> None:
    assert export(tmp_path, "talk-9x16", recipe()) == "talk-9x16"
    assert names(tmp_path) == ["talk-9x16.json", "talk-9x16.mp4"]


@pytest.mark.parametrize("ending", files.ENDINGS)
def test_a_file_of_somebody_else_is_never_touched(tmp_path: Path, ending: str) -> None:
    other = tmp_path / f"talk-9x16{ending}"
    other.write_text("mine")
    assert export(tmp_path, "talk-9x16", recipe()) == "talk-9x16 (2)"
    assert other.read_text() == "mine"
    assert export(tmp_path, "talk-9x16", recipe(content_key="z")) == "talk-9x16 (3)"


def test_a_dangling_link_counts_as_taken(tmp_path: Path) -> None:
    (tmp_path / "talk-9x16.mp4").symlink_to(tmp_path / "nowhere")
    assert export(tmp_path, "talk-9x16", recipe()) == "talk-9x16 (2)"
    assert not (tmp_path / "nowhere").exists()


def test_the_same_clip_takes_its_own_name_again(tmp_path: Path) -> None:
    export(tmp_path, "talk-9x16", recipe(), b"old")
    assert export(tmp_path, "talk-9x16", recipe(), b"new") == "talk-9x16"
    assert (tmp_path / "talk-9x16.mp4").read_bytes() == b"new"
    assert len(names(tmp_path)) == 2


def test_a_crash_between_recipe_and_video_is_mended_under_the_same_name(tmp_path: Path) -> None:
    export(tmp_path, "talk-9x16", recipe())
    (tmp_path / "talk-9x16.mp4").unlink()
    assert export(tmp_path, "talk-9x16", recipe()) == "talk-9x16"
    assert names(tmp_path) == ["talk-9x16.json", "talk-9x16.mp4"]


def test_names_are_taken_once_on_disks_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no links here", os.fspath(source), None, os.fspath(target))

    monkeypatch.setattr(os, "link", no_links)
    assert export(tmp_path, "talk-9x16", recipe()) == "talk-9x16"
    assert export(tmp_path, "talk-9x16", recipe("1:1")) == "talk-9x16 (2)"
    assert len(names(tmp_path)) == 4


def test_whatever_happens_no_part_file_is_left(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        with files.part_files(folder, ["a", "b"]) as sets:
            for file_set in sets:
                for part in file_set.parts.values():
                    part.write_text("half")
                    assert files.PART_PATTERN.fullmatch(part.name)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path)
    assert names(tmp_path) == []


def test_a_missing_folder_is_made_and_a_link_to_one_is_followed(tmp_path: Path) -> None:
    made = files.open_folder(str(tmp_path / "new" / "folder"))
    assert made.is_dir()
    (tmp_path / "link").symlink_to(made)
    assert files.open_folder(str(tmp_path / "link")) == made
    assert names(made) == []


def test_a_folder_that_is_a_file_pauses_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PausingError) as caught:
        files.open_folder(str(tmp_path / "file"))
    assert caught.value.failure.code == "output_not_writable"
    assert "file" in caught.value.failure.message


def test_a_disk_too_small_pauses_before_the_render_and_names_the_size(tmp_path: Path) -> None:
    with pytest.raises(PausingError) as caught:
        files.check_room(tmp_path, 10**18)
    assert caught.value.failure.code == "disk_full"
    assert f"{10**12} MB" in caught.value.failure.message
