"""Logo and headline in finished files: as previewed, in the safe zone, and the same again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.logo_file import read_logo
from clipforge_desktop.captions.marks import Frame, marks_of
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.delivery import Covered, Delivery
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.order import ExportedFile, ExportRequest, ExportResult
from clipforge_desktop.domain.recipe import parse_recipe
from clipforge_desktop.domain.shown import ShownFace
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.hiding import HIDDEN_BY_HEADLINE, HIDDEN_BY_LOGO
from tests import logos
from tests.pipeline import export_maker as maker
from tests.pipeline import test_export_copying as copying
from tests.pipeline.test_export_captions import FINE, LEAST_SSIM, Plane, luma, offset_px, ssim
from tests.stage_context import RecordingContext

SECONDS = 2.0
SHOWN_S = 1.2
SIZES = ((270, 480), (480, 270))
TIKTOK = Delivery("tiktok", covered=Covered(130 / 1920, 200 / 1080, 350 / 1920, 0.0))
BRANDING = Branding(Logo("", "bottom-left", 0.3, 0.9), Headline("", SHOWN_S))


@pytest.fixture(autouse=True)
def _fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "encoding", lambda quality: FINE)


def asked(video: Path, folder: Path, branding: Branding | None) -> ExportRequest:
    """The same picture tall and wide, without captions: one decode, two files."""
    shapes = tuple(f"{width}x{height}" for width, height in SIZES)
    request = maker.request(video, folder, pieces=[(2.0, 2.0 + SECONDS)], aspects=shapes)
    options = replace(request.options, deliveries=(TIKTOK,), branding=branding)
    return replace(request, title="Nobody tells you this", options=options)


def previewed(picture: maker.Frames, logo: Path, clip_s: float) -> tuple[Plane, list[slice]]:
    """A frame with both marks painted over it, and the rows that they may cover."""
    height, width, _ = picture.shape
    zone = safe_zone((width, height), TIKTOK.covered)
    branding = BRANDING.of_clip("Nobody tells you this", "")
    assert branding is not None
    frame = Frame((width, height), zone, SECONDS)
    marks = marks_of(branding, read_logo(str(logo)).image, None, (), frame)
    assert len(marks.painters) == 2
    borrowed = np.ascontiguousarray(picture)
    shown = QImage(borrowed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    shown = shown.convertToFormat(QImage.Format.Format_RGB32)
    for painter in marks.painters:
        lay_over(shown, painter, clip_s, painter.strip.y_px)
    plain = shown.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    strips = [
        slice(painter.strip.y_px, painter.strip.y_px + painter.strip.height_px)
        for painter in marks.painters
    ]
    return luma(rows[:, : 3 * width].reshape(height, width, 3)), strips


def exported(request: ExportRequest, folder: Path) -> ExportResult:
    return exporting.run(request, RecordingContext(folder))


@pytest.fixture
def branded(tmp_path: Path) -> tuple[ExportRequest, tuple[ExportedFile, ...], Path]:
    video = copying.video(tmp_path / "talk.mp4", source="smptebars")
    logo = logos.drawn(tmp_path / "logo.png")
    drawn = BRANDING.logo
    assert drawn is not None
    branding = replace(BRANDING, logo=replace(drawn, path=str(logo)))
    request = asked(video, tmp_path / "branded", branding)
    return request, exported(request, tmp_path / "first").files, logo


def test_both_are_in_the_file_as_in_the_preview_inside_the_zone_and_the_same_again(
    branded: tuple[ExportRequest, tuple[ExportedFile, ...], Path], tmp_path: Path
) -> None:
    request, files, logo = branded
    bare = asked(Path(request.path), tmp_path / "bare", None)
    for file, plain in zip(files, exported(bare, tmp_path / "second").files, strict=True):
        found, ground = maker.decoded(file.video), maker.decoded(plain.video)
        for number in (5, 45):  # with the headline, and after it
            expected, strips = previewed(ground[number], logo, number / 25)
            for rows in strips:
                part, shown = expected[rows], luma(found[number])[rows]
                assert ssim(part, shown) > LEAST_SSIM
                if number < SHOWN_S * 25 or rows == strips[0]:
                    assert offset_px(part, shown) == (0, 0)
        _check_zone(found[5], ground[5])
        _check_headline_goes(found, ground)
    _check_again(request, files[0], logo, tmp_path)


def test_marks_over_a_face_are_told_with_the_file(
    branded: tuple[ExportRequest, tuple[ExportedFile, ...], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Faces of the study stand in for a filmed one; what is asked of them is the export's own."""
    request, *_ = branded
    assert exported(request, tmp_path / "without").notices == ()

    def everywhere(*given: object) -> tuple[ShownFace, ...]:
        width, height = SIZES[0]
        return tuple(ShownFace(at_s, Rect(0, 0, width, height)) for at_s in (0.0, 1.0))

    monkeypatch.setattr(exporting, "shown_faces", everywhere)
    notices = exported(request, tmp_path / "with").notices
    assert notices == (HIDDEN_BY_LOGO, HIDDEN_BY_HEADLINE), "each once, for two files"


def _check_zone(found: maker.Frames, ground: maker.Frames) -> None:
    """Nothing lies where the platform's buttons are."""
    height, width, _ = found.shape
    zone = safe_zone((width, height), TIKTOK.covered)
    changed = np.argwhere(np.abs(luma(found) - luma(ground)) > 40)
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert top >= zone.top * height - 2
    assert left >= zone.left * width - 2
    assert bottom <= (1 - zone.bottom) * height + 2
    assert right <= (1 - zone.right) * width + 2
    assert bottom - top > height / 3, "one at the top, one at the bottom"


def _check_headline_goes(found: maker.Frames, ground: maker.Frames) -> None:
    upper = slice(0, found.shape[1] // 3)
    covered = [
        float((np.abs(luma(found[n, upper]) - luma(ground[n, upper])) > 40).mean())
        for n in (0, round(SHOWN_S * 25) - 10, round(SHOWN_S * 25) + 2)
    ]
    assert covered[0] > 0.02, "from the first frame on: it is the picture that people choose by"
    assert covered[1] == pytest.approx(covered[0], rel=0.1)
    assert covered[2] < 0.001


def _check_again(request: ExportRequest, file: ExportedFile, logo: Path, folder: Path) -> None:
    name = Path(file.recipe)
    recipe = parse_recipe(name.read_bytes(), name.name)
    branding = recipe.ingredients.branding
    assert branding is not None
    assert branding.headline == Headline("Nobody tells you this", SHOWN_S)
    options = replace(request.options, out_dir=str(folder / "again"), branding=None)
    wanted = replace(request, title="", options=options, names=("again",), recipe=recipe)
    [again] = exported(wanted, folder / "third").files
    assert np.array_equal(maker.decoded(again.video), maker.decoded(file.video))
    logos.drawn(logo, (80, 80))
    with pytest.raises(InputError) as refused:
        exported(wanted, folder / "fourth")
    assert refused.value.failure.code == "recipe_other_logo"


def test_pictures_under_a_logo_or_a_headline_are_never_copied(tmp_path: Path) -> None:
    video = copying.video(tmp_path / "plain.mp4")
    request = copying.cut(video, tmp_path / "out", 2.0, 4.0)
    [plain] = exported(request, tmp_path / "plain").files
    assert copying.is_copied(plain)
    logo = Logo(str(logos.drawn(tmp_path / "logo.png")))
    for number, branding in enumerate((Branding(logo), Branding(None, Headline("Look")))):
        options = replace(request.options, branding=branding)
        [file] = exported(replace(request, options=options), tmp_path / str(number)).files
        assert not copying.is_copied(file)
        assert file.video != plain.video
    gone = Branding(replace(logo, path=str(tmp_path / "gone.png")))
    options = replace(request.options, branding=gone, out_dir=str(tmp_path / "none"))
    with pytest.raises(InputError) as refused:
        exported(replace(request, options=options), tmp_path / "gone")
    assert refused.value.failure.code == "logo_missing"
    assert not (tmp_path / "none").exists()
