"""Recipes of strangers: taken when they can be rendered, else refused naming the field."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clipforge_desktop.app.rendering import rendering_of
from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import MusicBed, SoundWish
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import (
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
    Rect,
)
from clipforge_desktop.domain.order import ExportOptions, Order, decode, encode
from clipforge_desktop.domain.recipe import (
    MOST_BYTES,
    RECIPE_VERSION,
    Ingredients,
    Recipe,
    parse_recipe,
)
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.stages.export.recipe import write_recipe

PANE = Pane(Rect(0, 0, 1, 1), (606, 1080), (CropKey(0, 960, 540), CropKey(2.5, 700, 540)))
SHOT = FramingShot(0, 8, FramingKind.FILL, 0.9, "One face.", (PANE,))
INGREDIENTS = Ingredients(
    content_key="abc",
    stage_version=4,
    aspect="9:16",
    size_px=(1080, 1920),
    rate=(30000, 1001),
    quality="standard",
    pieces=(Piece(1, 5), Piece(7.5, 11.5)),
    framing=FramingPlan((1920, 1080), "9:16", (SHOT,)),
    style=CaptionStyle(name="clean"),
    words=(Word(0.1, 0.5, "Nobody", 0.9), Word(0.5, 1.0, "came.")),
    safe_zone=SafeZone(),
    sound=SoundWish(music=MusicBed("/music/a.mp3"), speech=(Piece(0.1, 1.0),)),
    music_key="def",
    branding=Branding(Logo("/logos/a.png", key="ghi"), Headline("Nobody came", 3.0)),
    grounds=(Ground(0.0, 8.0, seam=0.5, faces=(Rect(0.2, 0.1, 0.3, 0.2),)),),
)
RECIPE = Recipe(
    recipe_version=RECIPE_VERSION, app_version="0.3", key=INGREDIENTS.key, title="Nobody came",
    source_path="/videos/talk.mp4", source_bytes=1000, ingredients=INGREDIENTS, duration_s=8.0,
    video_bytes=10, has_subtitles=True, integrated_lufs=-14.0, true_peak_dbtp=-1.2, gain_db=3.0,
)  # fmt: skip


def changed(path: str, value: object) -> bytes:
    """The recipe's JSON with one value, named like `ingredients.rate.0`, replaced."""
    whole = json.loads(encode(RECIPE))
    at: Any = whole
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        at = at[part]
    at[last] = value
    return json.dumps(whole).encode()


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as refused:
        parse_recipe(data, "talk.json")
    assert "talk.json" in refused.value.failure.message
    return refused.value


def test_what_was_written_is_read_and_named_the_same(tmp_path: Path) -> None:
    write_recipe(RECIPE, tmp_path / "a.json")
    read = parse_recipe((tmp_path / "a.json").read_bytes(), "a.json")
    assert read == RECIPE
    assert read.ingredients.key == RECIPE.key, "whole numbers come back as floats"


def test_a_recipe_travels_in_an_order() -> None:
    order = Order(export=ExportOptions("/out"), recipe=RECIPE, recipe_name="talk-01")
    assert decode(Order, encode(order)) == order


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ingredients.size_px", [1080, 1921]),
        ("ingredients.size_px", [100_000, 2]),
        ("ingredients.size_px", [0, -2]),
        ("ingredients.rate", [30, 0]),
        ("ingredients.rate", [10**9, 1]),
        ("ingredients.rate", [1, 10]),
        ("ingredients.every", 0),
        ("ingredients.every", 10**12),
        ("ingredients.aspect", "../../etc"),
        ("ingredients.encoder", "libx264 -f flv rtmp://x"),
        ("ingredients.most_bits_s", -1),
        ("threads", 0),
        ("threads", 10**6),
        ("ingredients.people", "../../models"),
        ("ingredients.pieces", []),
        ("ingredients.pieces", [{"start_s": 5, "end_s": 5}]),
        ("ingredients.pieces", [{"start_s": 0, "end_s": 1e300}]),
        ("ingredients.pieces", [{"start_s": 0, "end_s": 1}] * 10_001),
        ("ingredients.words.0.end_s", -5),
        ("ingredients.words.0.text", "x" * 5000),
        ("ingredients.framing.source_size_px", [0, 0]),
        ("ingredients.framing.shots", []),
        ("ingredients.framing.shots.0.panes", []),
        ("ingredients.framing.shots.0.panes.0.keys", []),
        ("ingredients.framing.shots.0.panes.0.keys.0.center_x", 5000),
        ("ingredients.framing.shots.0.panes.0.keys.0.center_y", -1e300),
        ("ingredients.framing.shots.0.panes.0.crop_size_px", [0.0, 0.0]),
        ("ingredients.framing.shots.0.panes.0.place.width", 7),
        ("ingredients.grounds", [{"start_s": 0, "end_s": 1, "seam": 7}]),
        ("ingredients.grounds", [{"start_s": 3, "end_s": 1, "seam": 0.5}]),
        ("ingredients.grounds", [{"start_s": 0, "end_s": 1, "band": [0.9, 0.1]}]),
        ("ingredients.grounds", [{"start_s": 0, "end_s": 2}, {"start_s": 1, "end_s": 3}]),
        ("ingredients.grounds.0.faces.0.width", 1e9),
        ("ingredients.sound.lufs", 40),
        ("ingredients.sound.peak_dbtp", 3),
        ("ingredients.sound.music.duck_lu", -1),
        ("ingredients.music_key", ""),
        ("ingredients.branding.logo.size", 7),
        ("ingredients.branding.logo.opacity", -1),
        ("ingredients.branding.logo.path", ""),
        ("ingredients.branding.logo.key", ""),
        ("ingredients.branding.headline.text", "x" * 500),
        ("ingredients.branding.headline.for_s", 1e300),
        ("ingredients.branding", {}),
        ("ingredients.content_key", ""),
        ("title", "x" * 5000),
        ("source_bytes", -1),
    ],
)
def test_a_value_that_cannot_be_rendered_is_refused_by_its_field(path: str, value: object) -> None:
    failure = refusal(changed(path, value)).failure
    assert failure.code == "recipe_invalid"
    field = next(part for part in failure.message.split() if part.startswith(path.split(".")[0]))
    assert path.startswith(field)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("ingredients.rate.0", "fast", "ingredients.rate[0]"),
        ("ingredients.quality", "superb", "ingredients.quality"),
        ("ingredients.style.name", "", "ingredients.style"),
        ("ingredients.safe_zone.top", 3, "ingredients.safe_zone"),
        ("ingredients.framing.shots.0.kind", "zoom", "ingredients.framing.shots[0].kind"),
        ("ingredients.pieces.0", {"start_s": 1}, "ingredients.pieces[0].end_s"),
        ("duration_s", None, "duration_s"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_field(
    path: str, value: object, field: str
) -> None:
    failure = refusal(changed(path, value)).failure
    assert failure.code == "recipe_invalid"
    assert f"field {field}:" in failure.message


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe\x00", b"not json", b"[" * 100_000,
        b'{"recipe_version":3,"x":' + b"[" * 100_000,
        changed("gain_db", float("nan")), changed("duration_s", float("inf")),
        b" " * (MOST_BYTES + 1),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_recipe_is_refused_in_bounded_time(data: bytes) -> None:
    assert refusal(data).failure.code == "recipe_invalid"


def test_recipes_of_newer_and_of_early_versions_say_so() -> None:
    assert refusal(changed("recipe_version", RECIPE_VERSION + 1)).failure.code == "recipe_newer"
    newer = b'{"recipe_version": 99, "something": "else"}'
    assert refusal(newer).failure.code == "recipe_newer"
    assert refusal(changed("recipe_version", 1)).failure.code == "recipe_older"


def saved(folder: Path, recipe: Recipe) -> Path:
    file = folder / "a.json"
    write_recipe(recipe, file)
    return file


Change = Callable[[Path], Recipe]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _: RECIPE, "recipe_source_missing"),
        (lambda tmp: replace(RECIPE, source_path=str(tmp)), "recipe_source_missing"),
        (lambda _: replace(RECIPE, source_path="talk.mp4"), "recipe_source_missing"),
        (lambda _: replace(RECIPE, source_path="a\x00b"), "recipe_source_missing"),
        (
            lambda _: replace(RECIPE, source_path="\\\\server\\share\\a.mp4"),
            "recipe_source_missing",
        ),
        (lambda _: replace(RECIPE, source_path="//server/share/a.mp4"), "recipe_source_missing"),
        (lambda _: replace(RECIPE, source_path="/\\server\\a.mp4"), "recipe_source_missing"),
        (lambda tmp: replace(RECIPE, source_path=str(tmp / "a.mp4")), "recipe_other_source"),
    ],
)
def test_a_video_that_is_not_there_or_another_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"x" * 999)
    (tmp_path / "talk.mp4").write_bytes(b"x" * 1000)
    with pytest.raises(InputError) as refused:
        rendering_of(saved(tmp_path, change(tmp_path)), "/out")
    assert refused.value.failure.code == code
    assert "--source" in refused.value.failure.next_step


def test_music_on_another_computer_is_never_asked_for(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"x" * 1000)
    sound = replace(RECIPE.ingredients.sound, music=MusicBed("\\\\server\\share\\a.mp3"))
    made_of = replace(RECIPE.ingredients, sound=sound, music_key="k")
    with pytest.raises(InputError) as refused:
        rendering_of(saved(tmp_path, replace(RECIPE, ingredients=made_of)), "/out", video)
    assert refused.value.failure.code == "recipe_other_music"


def test_the_video_that_the_user_names_goes_before_the_recipe(tmp_path: Path) -> None:
    video = tmp_path / "moved.mp4"
    video.write_bytes(b"x" * 1000)
    network = replace(RECIPE, source_path="//server/share/a.mp4")
    rendering = rendering_of(saved(tmp_path, network), "/out", video)
    assert rendering.video == video
    assert (rendering.order.recipe, rendering.order.recipe_name) == (network, "a")
    with pytest.raises(InputError) as refused:
        rendering_of(saved(tmp_path, RECIPE), "/out", tmp_path / "none.mp4")
    assert refused.value.failure.code == "not_found"
