"""Captions foreseen: over faces, under buttons, without their fonts; each remedy puts it right."""

from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop.app import commands
from clipforge_desktop.app.preflight import preflight
from clipforge_desktop.captions.own_styles import style_text
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.delivery import Covered, Delivery
from clipforge_desktop.domain.framing import FramingKind, Rect
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.transcript import Correction
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import OwnStyle
from tests.gui import furnishing as f
from tests.gui.preflighted import applied, codes, library, only, studied

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def options(tmp_path: Path) -> ExportOptions:
    """Nothing to find fault with: 16:9 of a 16:9 source."""
    return ExportOptions(str(tmp_path / "clips"), aspects=("16:9",))


def faced(options: ExportOptions) -> ExportOptions:
    small = Delivery(short_side_px=720)  # so that nothing is said of enlarging
    return replace(options, aspects=("9:16",), style=load_style("clean"), deliveries=(small,))


def test_captions_over_the_speakers_face_move_away(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    store.library.save_studies(ids[0], studied(Rect(800, 500, 380, 500)))
    options = faced(options)
    finding, remedy = only(preflight(store, ids, options), "captions_over_face")
    assert f.TITLES[0] in finding.message
    assert remedy.label == "Move the captions to the top"
    assert applied(store, remedy, ids, options) == []


def test_captions_below_a_face_are_fine(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    store.library.save_studies(ids[0], studied(Rect(800, 200, 300, 300)))
    assert preflight(store, ids, faced(options)) == ()


def staying(options: ExportOptions) -> ExportOptions:
    """With captions that the user wants at one place, whatever a shot shows."""
    style = options.style
    assert style is not None
    position = style.position.model_copy(update={"follows_framing": False})
    return replace(options, style=style.model_copy(update={"position": position}))


def test_captions_at_the_seam_keep_off_the_face_in_the_lower_pane_of_screen(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    """Those that are to stay are over it; in Fit the same face is above them."""
    ids = library(store, tmp_path, (0.0, 30.0))
    face = Rect(1560, 780, 160, 200)
    options = faced(options)
    store.library.save_studies(ids[0], studied(face, FramingKind.SCREEN))
    assert "captions_over_face" in codes(preflight(store, ids, staying(options)))
    assert "captions_over_face" not in codes(preflight(store, ids, options))
    store.library.save_studies(ids[0], studied(face, FramingKind.FIT))
    assert "captions_over_face" not in codes(preflight(store, ids, staying(options)))


def test_a_clip_with_captions_of_its_own_is_told_without_a_remedy(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    store.library.save_studies(ids[0], studied(Rect(800, 500, 380, 500)))
    own = OwnStyle(style_text(load_style("clean")), "clean", "")
    commands.set_own_style(store, ids, own)
    [finding] = preflight(store, ids, faced(options))
    assert (finding.code, finding.remedy) == ("captions_over_face", None)


def test_captions_under_buttons_that_cover_half_the_picture_move_away(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    style = load_style("clean")
    low = style.model_copy(
        update={"position": style.position.model_copy(update={"y": 1.0, "anchor": "bottom"})}
    )
    club = Delivery("club", "Club", short_side_px=720, covered=Covered(bottom=0.47))
    options = replace(options, aspects=("9:16",), style=low, deliveries=(club,))
    finding, remedy = only(preflight(store, ids, options), "captions_covered")
    assert "Club" in finding.message
    assert applied(store, remedy, ids, options) == []


def test_fonts_and_letters_that_nobody_has_are_named(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    style = load_style("clean")
    font = style.font.model_copy(update={"family": "Nobody Has This"})
    options = replace(options, style=style.model_copy(update={"font": font}))
    [finding] = preflight(store, ids, options)
    assert finding.code == "font_missing"
    assert "Nobody Has This" in finding.message
    transcript = store.library.transcript("key")
    assert transcript is not None
    commands.correct_words(store, "key", transcript, [Correction(2, "\U0001fbf0\U00016a40")])
    [finding] = preflight(store, ids, replace(options, style=style))
    assert "letters" in finding.message


def test_a_style_of_its_own_that_cannot_be_read_blocks_that_clip(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), (60.0, 90.0))
    commands.set_own_style(store, ids[:1], OwnStyle('{"name": "x", "version": 99}', "x", ""))
    options = replace(options, style=load_style("clean"))
    finding, remedy = only(preflight(store, ids, options), "style_invalid")
    assert finding.is_blocking
    assert applied(store, remedy, ids, options) == []
