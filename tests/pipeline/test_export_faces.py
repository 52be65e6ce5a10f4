"""The person stays in the picture: drawn faces everywhere, real ones where the media are."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from clipforge_desktop.domain.framing import FramingKind
from clipforge_desktop.faces.detector import YUNET_FILE, FaceDetector, HaarDetector, open_detector
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export.recipe import Recipe, read_recipe
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def framed(
    source: Path, tmp_path: Path, context: RecordingContext, seconds: float, aspect: str = "216x384"
) -> tuple[Recipe, maker.Frames]:
    asked = maker.request(
        source, tmp_path / "out", pieces=[(0, seconds)], aspects=(aspect,), framing="auto"
    )
    (file,) = exporting.run(asked, context).files
    recipe = read_recipe(Path(file.recipe))
    assert recipe is not None
    return recipe, maker.decoded(file.video)


def with_yunet(context: RecordingContext, shared: Path) -> None:
    (context.models_dir / YUNET_FILE).symlink_to(shared / "models" / YUNET_FILE)


def assert_followed(recipe: Recipe, centers_x: Sequence[float], face_px: int, fps: int) -> None:
    """The face is whole inside the crop in 98 % of the frames, and the crop never jumps."""
    plan = recipe.ingredients.framing
    assert all(shot.kind is FramingKind.FILL for shot in plan.shots), plan.shots
    crops = [plan.crop_at(n / fps) for n in range(len(centers_x))]
    half = face_px * 0.44  # hair and background of the drawing are no part of the face
    inside = [
        crop.x <= x - half and x + half <= crop.x + crop.width
        for crop, x in zip(crops, centers_x, strict=True)
    ]
    assert np.mean(inside) >= 0.98
    jumps = np.abs(np.diff([crop.x for crop in crops]))
    assert jumps.max() <= 0.005 * plan.source_size_px[0] + 1e-6


def walk(seconds: float, fps: int = 25) -> list[float]:
    """Stands at the left, walks to the right, stands there."""
    times = np.arange(int(seconds * fps)) / fps
    return [float(x) for x in np.interp(times, [0, 2, 6, seconds], [150, 150, 480, 480])]


def test_a_walking_face_stays_in_the_crop_with_the_built_in_detector(
    tmp_path: Path, context: RecordingContext
) -> None:
    centers_x = walk(8.0)
    source = maker.face_video(tmp_path / "walk.mp4", centers_x, face_px=170)
    recipe, frames = framed(source, tmp_path, context, 8.0, "216x288")
    assert_followed(recipe, centers_x, 170, 25)
    dark = frames.astype(int).sum(axis=3) < 150  # the hair, in the finished picture
    middles = [float(np.mean(np.nonzero(frame)[1])) for frame in dark]
    assert np.abs(np.array(middles) - 108).max() < 65


def test_a_still_face_is_shown_by_a_still_crop(tmp_path: Path, context: RecordingContext) -> None:
    swaying = [400 + 6 * float(np.sin(n / 7)) for n in range(100)]
    source = maker.face_video(tmp_path / "still.mp4", swaying, face_px=170)
    recipe, _ = framed(source, tmp_path, context, 4.0, "216x288")
    (shot,) = recipe.ingredients.framing.shots
    assert shot.kind is FramingKind.FILL
    assert len(shot.panes[0].keys) == 1


def test_a_cut_to_another_place_is_a_snap_on_its_frame(
    tmp_path: Path, context: RecordingContext
) -> None:
    left = maker.face_video(tmp_path / "left.mp4", [160.0] * 60, face_px=170)
    right = maker.face_video(
        tmp_path / "right.mp4", [470.0] * 60, face_px=170, background=(150, 120, 40)
    )
    source = tmp_path / "both.mp4"
    media_maker.ffmpeg(
        "-i", left, "-i", right, "-filter_complex", "[0:v][1:v]concat=n=2:v=1:a=0[v]",
        "-map", "[v]", *media_maker.H264, "-g", "250", source,
    )  # fmt: skip
    recipe, frames = framed(source, tmp_path, context, 4.8, "216x288")
    plan = recipe.ingredients.framing
    assert [round(shot.start_s * 25) for shot in plan.shots] == [0, 60]
    assert plan.crop_at(2.3).x + plan.crop_at(2.3).width / 2 == pytest.approx(160, abs=15)
    assert plan.crop_at(2.4).x + plan.crop_at(2.4).width / 2 == pytest.approx(470, abs=15)
    for n in (55, 59, 60, 65):
        light = frames[n].astype(int)[:, :, 0] > 180  # skin
        assert np.mean(np.nonzero(light)[1]) == pytest.approx(108, abs=20)


@pytest.mark.real_media
def test_a_walking_face_stays_in_the_crop_with_yunet(
    tmp_path: Path, context: RecordingContext, shared: Path
) -> None:
    with_yunet(context, shared)
    centers_x = walk(8.0)
    source = maker.face_video(tmp_path / "walk.mp4", centers_x, face_px=110)
    recipe, _ = framed(source, tmp_path, context, 8.0)
    assert_followed(recipe, centers_x, 110, 25)


@pytest.fixture(params=["yunet", "haar"])
def detector(request: pytest.FixtureRequest, shared: Path) -> FaceDetector:
    return open_detector([shared / "models"]) if request.param == "yunet" else HaarDetector()


@pytest.mark.real_media
@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("couple.jpg", 2),
        ("img11.jpg", 1),
        ("img18.jpg", 1),
        ("img41.jpg", 1),
        ("two_people.jpg", 2),
        ("obama_small.jpg", 1),
        ("sad.jpg", 1),
    ],
)
def test_every_face_of_a_picture_is_found(
    shared: Path, detector: FaceDetector, name: str, people: int
) -> None:
    picture = cv2.imread(str(shared / "media" / "faces" / name))
    assert picture is not None
    height, width = picture.shape[:2]
    size = (320, round(height * 320 / width))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = [face for face in detector.detect(small, width) if face.confidence >= 0.7]
    if detector.name.startswith("yunet"):
        found = [face for face in found if face.confidence >= 0.75]
    assert len(found) == people
    for face in found:
        assert 0 <= face.center[0] <= width
        assert 0 <= face.center[1] <= height


@pytest.mark.real_media
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("s18.mp4", FramingKind.FILL),
        ("d9.mp4", FramingKind.FILL),
        ("demo1_video.mp4", FramingKind.FILL),
        ("example.mp4", FramingKind.FIT),
        ("count-video.mp4", FramingKind.FIT),
    ],
)
def test_real_people_are_framed_and_everything_else_is_shown_whole(
    shared: Path, tmp_path: Path, context: RecordingContext, name: str, kind: FramingKind
) -> None:
    with_yunet(context, shared)
    recipe, _ = framed(shared / "media" / "people" / name, tmp_path, context, 4.0, "144x256")
    assert {shot.kind for shot in recipe.ingredients.framing.shots} == {kind}
