"""Logo and headline foreseen: a logo that cannot be drawn, and faces that would be hidden."""

from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop.app.preflight import preflight
from clipforge_desktop.captions import boxes
from clipforge_desktop.captions.mark_boxes import mark_boxes
from clipforge_desktop.captions.marks import Frame
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.delivery import Covered, Delivery
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.store import Store
from tests import logos
from tests.gui.preflighted import applied, codes, library, only
from tests.gui.test_preflight_captions import studied

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def options(tmp_path: Path) -> ExportOptions:
    """A tall file of a wide source, small enough not to be enlarged."""
    smaller = Delivery("", short_side_px=540)
    return ExportOptions(str(tmp_path / "clips"), ("9:16",), deliveries=(smaller,))


def test_a_logo_that_cannot_be_drawn_blocks_and_can_be_left_out(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    for name, code in (("gone.png", "logo_missing"), ("logo.svg", "logo_unreadable")):
        (tmp_path / "logo.svg").write_text("<svg/>")
        branding = Branding(Logo(str(tmp_path / name)), Headline("Look"))
        branded = replace(options, branding=branding)
        finding, remedy = only(preflight(store, ids, branded), code)
        assert finding.is_blocking
        assert name in finding.message
        assert remedy.options == replace(options, branding=Branding(None, Headline("Look")))
    fine = Branding(Logo(str(logos.drawn(tmp_path / "logo.png"))), Headline())
    assert preflight(store, ids, replace(options, branding=fine)) == ()


def test_a_logo_over_a_face_goes_to_another_corner_and_a_headline_goes(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    store.library.save_studies(ids[0], studied(Rect(860, 60, 200, 260)))
    logo = Logo(str(logos.drawn(tmp_path / "logo.png", (100, 100))), "top-right", 0.4)
    branded = replace(options, branding=Branding(logo, Headline("Look at this, everybody")))
    found = preflight(store, ids, branded)
    assert {"logo_over_face", "headline_over_face"} <= set(codes(found))
    _, remedy = only(found, "logo_over_face")
    assert "top right" not in remedy.label
    assert remedy.options is not None
    assert "logo_over_face" not in applied(store, remedy, ids, branded)
    _, remedy = only(preflight(store, ids, remedy.options), "headline_over_face")
    assert applied(store, remedy, ids, branded) == []


def test_a_headline_on_the_forehead_is_told_and_goes_before_the_face_comes_where_it_can(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    branded = replace(options, branding=Branding(None, Headline("Look at this, everybody")))
    frame = Frame((540, 960), safe_zone((540, 960), None), 30.0)
    boxes.ready(store.home)
    assert branded.branding is not None
    box = mark_boxes(branded.branding, None, None, (), frame).headline
    assert box is not None
    brows = (box.y + box.height) * 1080 / 960 - 0.12 * 260
    studies = studied(Rect(860, brows, 200, 260))
    store.library.save_studies(ids[0], studies)
    finding, remedy = only(preflight(store, ids, branded), "headline_over_face")
    assert "face" in finding.message
    assert remedy.label == "Export without the headline"
    assert applied(store, remedy, ids, branded) == []
    [study] = studies
    late = tuple(face for face in study.shots[0].faces if face.clip_s >= 3)
    study = replace(study, shots=(replace(study.shots[0], faces=late),))
    store.library.save_studies(ids[0], (study,))
    _, remedy = only(preflight(store, ids, branded), "headline_over_face")
    assert "first 3 seconds" in remedy.label
    assert applied(store, remedy, ids, branded) == []
    below = studied(Rect(860, brows + 0.12 * 260, 200, 260))
    store.library.save_studies(ids[0], below)
    assert preflight(store, ids, branded) == ()


def test_buttons_that_leave_nothing_free_are_told(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    greedy = Delivery("greedy", "Greedy", short_side_px=540, covered=Covered(top=0.6))
    branded = replace(options, deliveries=(greedy,), branding=Branding(None, Headline("Look")))
    finding, remedy = only(preflight(store, ids, branded), "headline_covered")
    assert "Greedy" in finding.message
    assert applied(store, remedy, ids, branded) == []
