"""Style files of older versions, wherever they come from, and of newer ones."""

import json

import pytest

from clipforge_desktop.captions.shelf import parse_style
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportOptions, decode, encode
from clipforge_desktop.domain.style_migrations import STEPS, STYLE_VERSION, migrated

VERSION_1 = {
    "version": 1,
    "name": "radio",
    "font": {"family": "Poppins", "weight": 600, "size_percent": 3.2},
    "outlines": [{"color": "#000000", "width_em": 0.05}],
    "active": {"fill": {"colors": ["#FFD84A"]}, "sweep": True},
    "text": {"speaker_labels": True, "speaker_colors": ["#FFB86B", "#7FD1FF"]},
    "position": {"y": 0.86, "anchor": "bottom"},
}
"""A file as version 1 wrote it."""


def test_there_is_a_step_from_every_older_version() -> None:
    assert sorted(STEPS) == list(range(1, STYLE_VERSION))


@pytest.mark.parametrize(("before", "after"), [(True, "inline"), (False, "off")])
def test_speaker_labels_of_version_1_become_a_place(before: bool, after: str) -> None:
    style = {"version": 1, "name": "x", "text": {"speaker_labels": before, "sounds": "hide"}}
    expected = {"version": 2, "name": "x", "text": {"speaker_labels": after, "sounds": "hide"}}
    assert migrated(style) == expected
    assert style["version"] == 1  # nothing is changed in place


def test_a_version_1_file_is_read_whole() -> None:
    style = parse_style(json.dumps(VERSION_1).encode(), "radio.json")
    assert style.version == STYLE_VERSION
    assert style.text.speaker_labels == "inline"
    assert style.text.speaker_colors == ("#FFB86B", "#7FD1FF")
    assert style.active.sweep
    assert style.outlines[0].width_em == 0.05
    assert CaptionStyle.model_validate_json(style.model_dump_json()) == style


def test_a_version_1_style_in_the_database_is_read_whole() -> None:
    kept = json.loads(encode(ExportOptions(out_dir="out", style=CaptionStyle(name="x"))))
    kept["style"] = VERSION_1
    options = decode(ExportOptions, json.dumps(kept))
    assert options.style is not None
    assert options.style.text.speaker_labels == "inline"


def test_a_step_leaves_what_it_does_not_know_for_validation_to_name() -> None:
    for text in (3, {"speaker_labels": "yes please"}, None):
        style = {"version": 1, "name": "x", "text": text}
        with pytest.raises(InputError, match="text"):
            parse_style(json.dumps(style).encode(), "x.json")


@pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None, [1], 10**30])
def test_a_version_that_never_was_is_refused(version: object) -> None:
    with pytest.raises(InputError, match="version"):
        parse_style(json.dumps({"version": version, "name": "x"}).encode(), "x.json")


def test_a_newer_version_is_refused_in_plain_words() -> None:
    style = {"version": STYLE_VERSION + 1, "name": "x", "unheard": {}}
    with pytest.raises(InputError, match="made by a newer ClipForge") as caught:
        parse_style(json.dumps(style).encode(), "x.json")
    assert "Update ClipForge" in caught.value.failure.next_step
