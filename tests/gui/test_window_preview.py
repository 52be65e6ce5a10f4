"""The preview is the export: the player paints what the finished file shows, framing by framing."""

import subprocess
from fractions import Fraction
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.framing import FramingKind, FramingStudy
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui.framed import DURATION_S, FRAMES_S, PIECES, STUDIES, go_to, painted
from tests.stage_context import RecordingContext


def exported(source: Path, study: FramingStudy, kind: FramingKind, folder: Path) -> Path:
    """The finished file of the whole clip in one framing."""
    context = RecordingContext(folder)
    info = probe(source)
    clock = clip_clock(PIECES, Fraction(25), 48_000)
    soundtrack.make(source, info, clock, context)
    output = RenderOutput(study.plan(kind), (1080, 1920), "draft", context.job_dir / "out.mp4")
    wanted = Render(source, info, clock, Colour(None, False), (output,), None)
    arguments = render_arguments(wanted, context.job_dir)
    ffmpeg.run(arguments, context=context, working_dir=context.job_dir, total_s=DURATION_S)
    return output.file


def frame_of(file: Path, number: int, width: int, height: int) -> NDArray[np.uint8]:
    """One frame of a finished file, made smaller: (height, width, 3)."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", f"file:{file}", "-vf"]
    command += [f"select=eq(n\\,{number}),scale={width}:{height}:flags=area", "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3)


def steepest(picture: NDArray[np.float32]) -> float:
    """The hardest edge across the blurred ground above the picture."""
    row = picture[10:90].mean(axis=(0, 2))
    return float(np.abs(row[3:] - row[:-3]).max())


@pytest.mark.parametrize("kind", list(FramingKind))
def test_the_preview_is_the_picture_of_the_export(
    qtbot: QtBot, framed_window: MainWindow, framed_video: Path, tmp_path: Path, kind: FramingKind
) -> None:
    window = framed_window
    file = exported(framed_video, STUDIES[0], kind, tmp_path / "export")
    window.framing.choose_for_clip(kind)
    for at_s in (0.36, 0.76, 0.84):  # while it pans, and on both sides of the cut
        go_to(qtbot, window, at_s)
        shown = painted(window)
        height, width, _ = shown.shape
        wanted = frame_of(file, round(window.player.frame_s * FRAMES_S), width, height)
        inside = (slice(16, -16), slice(16, -16))  # the corners are round
        ours, theirs = shown[inside].astype(np.float32), wanted[inside].astype(np.float32)
        shift, _ = cv2.phaseCorrelate(ours.mean(axis=2), theirs.mean(axis=2))
        assert max(abs(shift[0]), abs(shift[1])) < 1.0, at_s
        assert np.abs(ours - theirs).mean() < 4.0, at_s
        assert np.percentile(np.abs(ours - theirs), 95) < 16.0, at_s
        if kind is FramingKind.FIT:
            assert steepest(ours) == pytest.approx(steepest(theirs), rel=0.15), "as blurred"
