"""The study ahead of the export: what it costs again, and that it is the picture of the export."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingKind, FramingOverride, FramingPlan
from clipforge_desktop.domain.order import FramingRequest, ImportRequest
from clipforge_desktop.faces.detector import YUNET_FILE, YuNetDetector, open_detector
from clipforge_desktop.media.probe import probe
from clipforge_desktop.media.reader import Reader, fitted_px, open_picture
from clipforge_desktop.paths import resources
from clipforge_desktop.stages import exporting, framing, importing
from clipforge_desktop.stages.export import looking
from clipforge_desktop.stages.export.recipe import read_recipe
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn face that stands left, walks right and stands there: 8 s."""
    times = np.arange(200) / 25
    xs = [float(x) for x in np.interp(times, [0, 2, 6, 8], [150, 150, 480, 480])]
    return maker.face_video(tmp_path_factory.mktemp("media") / "walk.mp4", xs, face_px=150)


def asked(source: Path, *pieces: tuple[float, float], aspects: Sequence[str]) -> FramingRequest:
    spans = tuple(Piece(start_s, end_s) for start_s, end_s in pieces)
    return FramingRequest(str(source), maker.media_of(source), spans, tuple(aspects))


@pytest.fixture
def decoded_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Source times of all frames that the looking decodes."""
    times_s: list[float] = []

    class Counting(Reader):
        def read_from(self, start_s: float) -> Iterator[tuple[float, VideoFrame]]:
            for at_s, frame in super().read_from(start_s):
                times_s.append(at_s)
                yield at_s, frame

    def counted(*arguments: object, **options: object) -> AbstractContextManager[Reader]:
        opened = open_picture(*arguments, **options)  # type: ignore[arg-type]  # passed on

        class Opened(AbstractContextManager[Reader]):
            def __enter__(self) -> Reader:
                reader = opened.__enter__()
                reader.__class__ = Counting
                return reader

            def __exit__(self, *details: object) -> None:
                opened.__exit__(*details)  # type: ignore[arg-type]  # passed on

        return Opened()

    monkeypatch.setattr(looking, "open_picture", counted)
    return times_s


def test_words_cut_out_or_another_shape_decode_nothing_again(
    walk: Path, context: RecordingContext, decoded_s: list[float]
) -> None:
    framing.run(asked(walk, (0, 8), aspects=["216x288"]), context)
    assert decoded_s
    decoded_s.clear()
    again = asked(walk, (0.5, 2), (2.4, 5), (5.6, 8), aspects=["216x288", "1:1", "16:9"])
    studies = framing.run(again, context).studies
    assert [study.aspect for study in studies] == ["216x288", "1:1", "16:9"]
    assert decoded_s == []


def test_a_moved_end_looks_at_what_is_new_only(
    walk: Path, context: RecordingContext, decoded_s: list[float]
) -> None:
    framing.run(asked(walk, (0, 5), aspects=["216x288"]), context)
    decoded_s.clear()
    framing.run(asked(walk, (0, 8), aspects=["216x288"]), context)
    assert min(decoded_s) >= 4.0, "no further back than the keyframe before"


def test_what_was_looked_at_in_parts_is_what_is_seen_at_once(walk: Path, tmp_path: Path) -> None:
    wanted = asked(walk, (0, 8), aspects=["216x288"])
    once = framing.run(wanted, RecordingContext(tmp_path / "once"))
    parts = RecordingContext(tmp_path / "parts")
    framing.run(asked(walk, (3, 5), aspects=["216x288"]), parts)
    framing.run(asked(walk, (0, 6), aspects=["216x288"]), parts)
    assert framing.run(wanted, parts) == once


def test_a_damaged_memory_is_looked_up_anew(walk: Path, context: RecordingContext) -> None:
    wanted = asked(walk, (0, 3), aspects=["216x288"])
    first = framing.run(wanted, context)
    (kept,) = context.cache_dir(wanted.media.content_key).rglob("0-*.json")
    kept.write_text("{", encoding="utf-8")
    assert framing.run(wanted, context) == first


@pytest.mark.parametrize("kind", FramingKind)
def test_the_plan_of_the_preview_is_the_plan_of_the_export(
    walk: Path, tmp_path: Path, context: RecordingContext, kind: FramingKind
) -> None:
    choices = (FramingOverride(2.5, kind, 0.1),)
    (study,) = framing.run(asked(walk, (1, 7), aspects=["216x288"]), context).studies
    wanted = maker.request(
        walk, tmp_path / "out", pieces=[(1, 7)], aspects=("216x288",), framing="auto"
    )
    wanted = replace(wanted, options=replace(wanted.options, overrides=choices))
    (file,) = exporting.run(wanted, context).files
    recipe = read_recipe(Path(file.recipe))
    assert recipe is not None
    assert recipe.ingredients.framing == study.plan(None, choices)
    assert recipe.ingredients.framing.shots[0].kind is kind


def test_a_source_without_a_picture_has_no_studies(
    tmp_path: Path, context: RecordingContext
) -> None:
    sound = media_maker.sound_only(tmp_path / "sound.wav", 3.0)
    assert framing.run(asked(sound, (0, 2), aspects=["9:16"]), context).studies == ()


def test_the_one_who_speaks_is_shown_where_two_are_seen(context: RecordingContext) -> None:
    """In the sample talk: the host greets, with his guest beside him."""
    talk = resources() / "sample" / "talk.mp4"
    media = importing.run(ImportRequest(str(talk)), context).media
    wanted = FramingRequest(str(talk), media, (Piece(0.4, 6.6),), ("9:16",))
    (study,) = framing.run(wanted, context).studies
    (shot,) = study.plan().shots
    assert shot.kind is FramingKind.FILL
    assert "speaks" in shot.reason
    crop = shot.panes[0].crop_at(3)
    assert crop.x + crop.width / 2 < 640, "the host sits left"


def active_face_share(source: Path, plan: FramingPlan, shared: Path) -> tuple[float, float]:
    """(share of frames with the largest face whole in the crop, largest jump of the crop)."""
    info = probe(source)
    assert info.video is not None
    detector = YuNetDetector(shared / "models" / YUNET_FILE)
    inside: list[bool] = []
    with open_picture(source, info, lambda: None) as reader:
        for number, (at_s, frame) in enumerate(reader.read_from(0.0)):
            if number % 7 or at_s >= plan.shots[-1].end_s:
                continue
            picture = reader.pixels(frame, fitted_px(info.video, 480))
            found = [
                face
                for face in detector.detect(picture, plan.source_size_px[0])
                if face.confidence > 0.8
            ]
            if found:
                face = max(found, key=lambda face: face.area)
                crop = plan.crop_at(at_s)
                slack = 0.01 * plan.source_size_px[0]  # what two detections differ by
                inside.append(
                    crop.x - slack <= max(face.x, 0)
                    and min(face.x + face.width, plan.source_size_px[0])
                    <= crop.x + crop.width + slack
                )
    jumps = [0.0]
    for shot in plan.shots:
        count = int((shot.end_s - shot.start_s) * info.video.fps)
        xs = [plan.crop_at(shot.start_s + n / info.video.fps).x for n in range(count)]
        jumps += [float(jump) for jump in np.abs(np.diff(xs))]
    return float(np.mean(inside)), max(jumps) / plan.source_size_px[0]


@pytest.mark.real_media
@pytest.mark.parametrize(("name", "aspect"), [("s18.mp4", "9:16"), ("d9.mp4", "9:16")])
def test_real_faces_stay_whole_in_the_crop_without_jumps(
    shared: Path, context: RecordingContext, name: str, aspect: str
) -> None:
    (context.models_dir / YUNET_FILE).symlink_to(shared / "models" / YUNET_FILE)
    source = shared / "media" / "people" / name
    end_s = min(probe(source).duration_s, 10.0)
    (study,) = framing.run(asked(source, (0, end_s), aspects=[aspect]), context).studies
    assert {shot.chosen for shot in study.shots} == {FramingKind.FILL}
    share, jump = active_face_share(source, study.plan(FramingKind.FILL), shared)
    assert share >= 0.98
    assert jump <= 0.005


@pytest.mark.real_media
@pytest.mark.parametrize("place", [(940, 520), (0, 540)], ids=["free", "in the corner"])
def test_a_real_camera_over_a_page_of_text_is_an_inset(
    shared: Path, tmp_path: Path, context: RecordingContext, place: tuple[int, int]
) -> None:
    (context.models_dir / YUNET_FILE).symlink_to(shared / "models" / YUNET_FILE)
    page = np.full((720, 1280, 3), 240, np.uint8)
    for row in range(60, 700, 36):
        cv2.putText(page, "words in a row " * 5, (60, row), 0, 0.7, (40, 40, 40), 1)
    cv2.imwrite(str(tmp_path / "page.png"), page)
    source = tmp_path / "screen.mp4"
    media_maker.ffmpeg(
        "-loop", "1", "-r", "30", "-i", tmp_path / "page.png",
        "-i", shared / "media" / "people" / "s18.mp4", "-filter_complex",
        f"[1]scale=320:180[c];[0][c]overlay={place[0]}:{place[1]}:shortest=1",
        "-t", "5", *media_maker.H264, source,
    )  # fmt: skip
    (study,) = framing.run(asked(source, (0, 5), aspects=["9:16"]), context).studies
    (shot,) = study.plan().shots
    assert shot.kind is FramingKind.SCREEN
    camera = shot.panes[1].crop_at(2)
    assert place[0] - 8 <= camera.x
    assert camera.x + camera.width <= place[0] + 320 + 8
    assert place[1] - 8 <= camera.y
    assert camera.y + camera.height <= place[1] + 180 + 8


@pytest.mark.parametrize(
    "encoder",
    [
        ("-bf", "0"),
        ("-bf", "3", "-sc_threshold", "0", "-g", "250"),
        ("-bf", "16", "-b_strategy", "0", "-sc_threshold", "0", "-g", "250"),
    ],
    ids=[
        "every frame needed",
        "cuts between keyframes",
        "most frames built on later ones",
    ],
)
def test_however_a_video_is_encoded_it_is_looked_at_often_and_its_cuts_are_found(
    tmp_path: Path, context: RecordingContext, encoder: tuple[str, ...]
) -> None:
    plain = media_maker.shots(tmp_path / "plain.mp4", [1.6, 1.4, 1.8])
    source = tmp_path / "encoded.mp4"
    media_maker.ffmpeg(
        "-i", plain, "-c:v", "libx264", "-preset", "veryfast", *encoder, source
    )  # fmt: skip
    media = maker.media_of(source)
    seen = looking.Looking(
        source, media, open_detector([]), context.cache_dir("x"), context.check
    ).at(0.0, 4.8, lambda at_s: None)
    assert len(seen.looked_s) >= 13
    assert [round(cut_s * 25) for cut_s in seen.cuts_s] == pytest.approx([40, 75], abs=2)


@pytest.mark.real_media
def test_of_two_real_people_the_one_who_talks_is_shown(
    shared: Path, tmp_path: Path, context: RecordingContext
) -> None:
    (context.models_dir / YUNET_FILE).symlink_to(shared / "models" / YUNET_FILE)
    people = shared / "media" / "people"
    source = tmp_path / "call.mp4"
    media_maker.ffmpeg(
        "-i", people / "demo1_video.mp4", "-i", people / "s18.mp4", "-filter_complex",
        "[0:v]fps=25,crop=1080:1215:0:100,scale=640:720[a];"
        "[1:v]fps=25,crop=640:720:400:0[b];[a][b]hstack[v]",
        "-map", "[v]", "-map", "0:a", "-t", "7", *media_maker.H264, *media_maker.AAC, source,
    )  # fmt: skip
    media = importing.run(ImportRequest(str(source)), context).media
    wanted = FramingRequest(str(source), media, (Piece(0, 6.9),), ("9:16",))
    (study,) = framing.run(wanted, context).studies
    (shot,) = study.plan().shots
    assert shot.kind is FramingKind.FILL
    crop = shot.panes[0].crop_at(3)
    assert crop.x + crop.width / 2 == pytest.approx(355, abs=40), "the smaller face, who talks"
