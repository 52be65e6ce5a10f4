"""A study gives the plan for any choice of the user, by arithmetic alone, and travels as JSON."""

from dataclasses import replace

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    Backdrop,
    CropKey,
    FramingKind,
    FramingOverride,
    FramingPlan,
    FramingShot,
    FramingStudy,
    Pane,
    Rect,
    StudiedShot,
)
from clipforge_desktop.domain.order import (
    ExportOptions,
    FramingRequest,
    FramingResult,
    decode,
    encode,
)
from clipforge_desktop.domain.source import MediaInfo, SourceMedia

SIZE = (1920, 1080)
CROP = (607.5, 1080.0)
UPPER, LOWER = Rect(0, 0, 1, 0.5), Rect(0, 0.5, 1, 0.5)


def shot(start_s: float, end_s: float, kind: FramingKind, x: float) -> FramingShot:
    panes: tuple[Pane, ...] = (Pane(EVERYWHERE, CROP, (CropKey(start_s, x, 540.0),)),)
    if kind is FramingKind.SPLIT:
        size = (900.0, 800.0)
        panes = (
            Pane(UPPER, size, (CropKey(start_s, 500.0, 400.0),)),
            Pane(LOWER, size, (CropKey(start_s, 1400.0, 400.0),)),
        )
    return FramingShot(start_s, end_s, kind, 0.8, f"rules say {kind}", panes)


def studied(start_s: float, end_s: float, scene: Piece, *spans: Piece) -> StudiedShot:
    ways = tuple(shot(start_s, end_s, kind, 800.0) for kind in FramingKind)
    return StudiedShot(scene, spans, FramingKind.FILL, ways)


FIRST, SECOND = Piece(100, 110), Piece(110, 120)
PIECES = (Piece(100, 104), Piece(106, 114))
STUDY = FramingStudy(
    SIZE,
    "9:16",
    PIECES,
    (
        studied(0, 8, FIRST, Piece(100, 104), Piece(106, 110)),
        studied(8, 12, SECOND, Piece(110, 114)),
    ),
)


def kinds(plan: FramingPlan) -> list[FramingKind]:
    return [each.kind for each in plan.shots]


def test_without_a_choice_the_plan_is_what_the_rules_chose() -> None:
    plan = STUDY.plan()
    assert kinds(plan) == [FramingKind.FILL, FramingKind.FILL]
    assert plan.shots[0].reason == "rules say fill"


def test_a_default_counts_for_every_shot_and_an_override_for_one() -> None:
    plan = STUDY.plan(FramingKind.FIT, [FramingOverride(112.0, FramingKind.SPLIT)])
    assert kinds(plan) == [FramingKind.FIT, FramingKind.SPLIT]
    assert plan.shots[1].confidence == 1.0
    assert plan.shots[1].reason.startswith("Your choice.")


def test_a_later_choice_replaces_an_earlier_one() -> None:
    choices = [FramingOverride(101, FramingKind.FIT), FramingOverride(107, FramingKind.WIDE)]
    assert kinds(STUDY.plan(None, choices)) == [FramingKind.WIDE, FramingKind.FILL]


def test_an_override_survives_its_own_moment_being_cut_out() -> None:
    plan = STUDY.plan(None, [FramingOverride(105.0, FramingKind.WIDE)])
    assert kinds(plan) == [FramingKind.WIDE, FramingKind.FILL]


def test_an_override_of_a_scene_that_is_not_in_the_clip_changes_nothing() -> None:
    assert STUDY.plan(None, [FramingOverride(300.0, FramingKind.WIDE)]) == STUDY.plan()


def test_a_drag_moves_the_crop_by_shares_of_its_size_and_keeps_the_choice() -> None:
    choices = [FramingOverride(101, FramingKind.FILL), FramingOverride(102, None, 0.2)]
    plan = STUDY.plan(None, choices)
    moved, plain = plan.crop_at(1).x, STUDY.plan().crop_at(1).x
    assert moved - plain == pytest.approx(0.2 * CROP[0])
    assert plan.shots[0].kind is FramingKind.FILL


def test_a_drag_never_leaves_the_picture() -> None:
    for shift in (-9.0, 9.0):
        crop = STUDY.plan(None, [FramingOverride(101, None, shift, shift)]).crop_at(1)
        assert crop.x in (0, pytest.approx(SIZE[0] - crop.width))
        assert crop.y == 0


def test_one_pane_of_a_split_can_be_moved_alone() -> None:
    choices = [FramingOverride(101, FramingKind.SPLIT), FramingOverride(101, None, 0.05, 0, 1)]
    (_, upper), (_, lower) = STUDY.plan(None, choices).panes_at(1)
    assert upper.x == 50
    assert lower.x == pytest.approx(950 + 45)


def test_panes_at_gives_every_place_and_crop() -> None:
    panes = STUDY.plan(FramingKind.SPLIT).panes_at(2.0)
    assert [place for place, _ in panes] == [UPPER, LOWER]
    assert panes[0][1] == Rect(50.0, 0.0, 900.0, 800.0)


def test_a_snap_counts_from_its_own_time_on() -> None:
    keys = (CropKey(0, 500, 540), CropKey(2, 500, 540), CropKey(2, 1400, 540))
    pane = Pane(EVERYWHERE, CROP, keys)
    assert pane.crop_at(1.999).x == pytest.approx(500 - CROP[0] / 2)
    assert pane.crop_at(2.0).x == pytest.approx(1400 - CROP[0] / 2)
    assert pane.crop_at(9.0).x == pytest.approx(1400 - CROP[0] / 2)


def test_studies_requests_and_overrides_travel_as_json() -> None:
    blurred = replace(STUDY.shots[0].ways[1], backdrop=Backdrop.BLUR)
    one = replace(STUDY.shots[0], ways=(blurred, *STUDY.shots[0].ways[1:]))
    result = FramingResult((replace(STUDY, shots=(one,)),))
    assert decode(FramingResult, encode(result)) == result
    info = MediaInfo("mp4", 1, 1.0, 0.0, None, ())
    media = SourceMedia("key", info, None, None, (), (0, 0), None, None, None, None, ())
    request = FramingRequest("talk.mp4", media, PIECES, ("9:16", "1:1"))
    assert decode(FramingRequest, encode(request)) == request
    options = ExportOptions("out", overrides=(FramingOverride(3.5, FramingKind.SCREEN, 0.1),))
    assert decode(ExportOptions, encode(options)) == options


def test_orders_from_before_overrides_are_still_read() -> None:
    assert decode(ExportOptions, '{"out_dir":"out"}').overrides == ()
