"""Makes `resources/sample/talk.mp4` and `talk.srt` again: `python -m tests.make_sample`.

The talk is written in `tests.sample_talk.script`, spoken by espeak-ng and drawn frame by frame.
Users never need this; it is here so that the sample has no origin but this program.
"""

import math
import os
import subprocess
import sys
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from tests.sample_talk.faces import draw_body, draw_head
from tests.sample_talk.people import GUEST, HOST, Look, Pose
from tests.sample_talk.script import TALK, Shot, Speaker
from tests.sample_talk.studio import (
    HEIGHT_PX,
    WIDTH_PX,
    backdrop,
    draw_microphone,
    draw_slide,
    draw_table,
)
from tests.sample_talk.voice import RATE_HZ, Speech, Spoken, speak_all

FPS = 30
OUT = Path(__file__).resolve().parents[1] / "resources" / "sample"
MAX_CUE_CHARACTERS = 42
ROUND_SOUNDS, WIDE_SOUNDS, SHUT_SOUNDS = frozenset("oOuUwVW0"), frozenset("iIeE"), frozenset("mbp")

# Where each person sits: x, y of the eyes in px, and px per head unit.
SEATS: dict[Shot, tuple[tuple[Look, Speaker, float, float, float], ...]] = {
    Shot.BOTH: (
        (HOST, Speaker.HOST, 372.0, 292.0, 88.0),
        (GUEST, Speaker.GUEST, 908.0, 306.0, 84.0),
    ),
    Shot.HOST: ((HOST, Speaker.HOST, 704.0, 232.0, 112.0),),
    Shot.GUEST: ((GUEST, Speaker.GUEST, 576.0, 238.0, 110.0),),
    Shot.SLIDE: (),
}
VIEWS: dict[Shot, tuple[float, tuple[float, float], int]] = {
    Shot.BOTH: (1.0, (0.5, 0.5), 12),
    Shot.HOST: (1.75, (0.28, 0.36), 28),
    Shot.GUEST: (1.75, (0.78, 0.42), 28),
}


def openness(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far the mouth is open at each frame, 0 to 1, from the loudness."""
    step = RATE_HZ // FPS
    count = math.ceil(len(sound) / step)
    padded = np.pad(sound, (0, count * step - len(sound)))
    level = np.sqrt((padded.reshape(count, step) ** 2).mean(axis=1))
    level = np.clip(level / (np.percentile(level[level > 0.01], 90) + 1e-9), 0, 1) ** 0.8
    return np.convolve(level, [0.2, 0.6, 0.2], mode="same").astype(np.float32)


def sound_at(spoken: tuple[Spoken, ...], at_s: float) -> tuple[Spoken | None, str]:
    """The line being said at `at_s` and its present sound ("" in a pause)."""
    for line in spoken:
        if line.start_s <= at_s < line.end_s:
            heard = [name for start_s, name in line.phonemes if start_s <= at_s]
            return line, heard[-1] if heard else ""
    return None, ""


def shot_at(spoken: tuple[Spoken, ...], at_s: float) -> tuple[Shot, float]:
    """The shot on screen and when it began; the cut comes just before the first word."""
    shot, since_s = spoken[0].line.shot, 0.0
    for line in spoken:
        if line.start_s - 0.18 > at_s:
            break
        if line.line.shot is not shot:
            shot, since_s = line.line.shot, line.start_s - 0.18
    return shot, since_s


def pose_at(at_s: float, who: Speaker, level: float, line: Spoken | None, sound: str) -> Pose:
    """Breathing and nodding always, lips only for the one who speaks."""
    phase = 0.0 if who is Speaker.HOST else 2.1
    is_talking = line is not None and line.line.speaker is who
    opening = level if is_talking else 0.0
    first = sound[:1]
    wide = 0.0
    if is_talking:
        wide = -1.0 if first in ROUND_SOUNDS else 1.0 if first in WIDE_SOUNDS else 0.0
        opening *= 0.12 if first in SHUT_SOUNDS else 0.75 if wide else 1.0
    blink_s = (at_s + phase * 1.7) % (3.7 + 0.6 * math.sin(phase))
    lids = abs(blink_s - 0.09) / 0.09 if blink_s < 0.18 else 1.0
    sway = 1.0 if is_talking else 0.55
    return Pose(
        mouth_open=opening,
        mouth_wide=wide,
        smile=0.45 if is_talking else 0.75,
        lids=min(lids, 1.0),
        brows=0.9 * level if is_talking else 0.15 + 0.15 * math.sin(at_s * 0.5 + phase),
        gaze=0.35 * math.sin(at_s * 0.43 + phase),
        turn_x=sway * 0.07 * math.sin(at_s * 0.9 + phase),
        turn_y=sway * (0.03 * math.sin(at_s * 1.3 + phase) + 0.035 * opening),
        tilt_deg=sway * 2.2 * math.sin(at_s * 0.62 + phase),
    )


def backgrounds() -> dict[Shot, QImage]:
    """Each shot without what moves: the room, the bodies."""
    drawn: dict[Shot, QImage] = {}
    for shot, (zoom, center, blur) in VIEWS.items():
        picture = backdrop(zoom, center, blur)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for look, _, x, y, unit in SEATS[shot]:
            painter.save()
            painter.translate(x, y)
            painter.scale(unit, unit)
            draw_body(painter, look)
            painter.restore()
        painter.end()
        drawn[shot] = picture
    return drawn


def foreground(painter: QPainter, shot: Shot) -> None:
    """What stands before the people."""
    if shot is Shot.BOTH:
        draw_table(painter)
        draw_microphone(painter, 478, 560, 62, -1)
        draw_microphone(painter, 800, 560, 62, 1)
    elif shot is Shot.HOST:
        draw_microphone(painter, 816, 606, 92, 1)
    else:
        draw_microphone(painter, 466, 606, 92, -1)


class Camera:
    """Draws the talk's pictures one at a time."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._levels = openness(speech.sound)
        self._backgrounds = backgrounds()

    def picture(self, frame: int) -> QImage:
        """The frame as RGB32, 1280x720."""
        at_s = frame / FPS
        shot, since_s = shot_at(self._speech.spoken, at_s)
        if shot is Shot.SLIDE:
            return self._slide(at_s - since_s, since_s)
        line, sound = sound_at(self._speech.spoken, at_s)
        level = float(self._levels[min(frame, len(self._levels) - 1)])
        picture = self._backgrounds[shot].copy()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for look, who, x, y, unit in SEATS[shot]:
            painter.save()
            painter.translate(x, y)
            painter.scale(unit, unit)
            draw_head(painter, look, pose_at(at_s, who, level, line, sound))
            painter.restore()
        foreground(painter, shot)
        painter.end()
        return picture

    def _slide(self, seconds: float, since_s: float) -> QImage:
        starts = [line.start_s for line in self._speech.spoken if line.line.shot is Shot.SLIDE]
        picture = QImage(WIDTH_PX, HEIGHT_PX, QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_slide(painter, seconds, (starts[1] + 2.4 - since_s, starts[2] + 2.4 - since_s))
        painter.end()
        return picture


def cues(speech: Speech) -> list[tuple[float, float, str]]:
    """Subtitle cues of at most two lines, cut between words, with the times of the synthesis."""
    found: list[tuple[float, float, str]] = []
    for line in speech.spoken:
        words = list(line.words)
        parts = math.ceil(len(line.line.text) / (MAX_CUE_CHARACTERS * 2))
        size = math.ceil(len(words) / parts)
        for first in range(0, len(words), size):
            group = words[first : first + size]
            after = words[first + size : first + size + 1]
            end_s = after[0][0] if after else line.end_s
            found.append((group[0][0], end_s, _two_lines([word for _, word in group])))
    return found


def _two_lines(words: list[str]) -> str:
    whole = " ".join(words)
    if len(whole) <= MAX_CUE_CHARACTERS:
        return whole
    breaks = range(1, len(words))
    at = min(breaks, key=lambda k: abs(len(" ".join(words[:k])) - len(" ".join(words[k:]))))
    return " ".join(words[:at]) + "\n" + " ".join(words[at:])


def _clock(at_s: float) -> str:
    milliseconds = round(at_s * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{milliseconds:03}"


def write_subtitles(speech: Speech, path: Path) -> None:
    blocks = [
        f"{number}\n{_clock(start_s)} --> {_clock(end_s)}\n{text}\n"
        for number, (start_s, end_s, text) in enumerate(cues(speech), 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def write_sound(speech: Speech, path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((speech.sound * 0.7 * 32767).astype("<i2").tobytes())


def write_video(speech: Speech, sound: Path, path: Path) -> None:
    """All frames through one ffmpeg; the voice gets a little room and an even loudness."""
    room = "highpass=f=70,acompressor=threshold=0.12:ratio=2.5:attack=8:release=120"
    room += ",aecho=0.9:0.25:23|41:0.10|0.06,loudnorm=I=-17:TP=-2:LRA=7,aresample=48000"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    command += ["-f", "rawvideo", "-pix_fmt", "bgra", "-s", f"{WIDTH_PX}x{HEIGHT_PX}"]
    command += ["-r", str(FPS), "-i", "-", "-i", str(sound), "-af", room]
    command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    command += ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    command += ["-c:v", "libx264", "-preset", "slow", "-crf", "25", "-profile:v", "high"]
    command += ["-g", "120", "-c:a", "aac", "-b:a", "80k", "-ac", "1"]
    command += ["-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact"]
    command += ["-flags:v", "+bitexact", "-flags:a", "+bitexact", str(path)]
    camera = Camera(speech)
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    if encoder.stdin is None:
        raise SystemExit("ffmpeg takes no pictures")
    for frame in range(math.ceil(speech.duration_s * FPS)):
        encoder.stdin.write(bytes(camera.picture(frame).constBits()))
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg could not write the sample")


def main() -> int:
    """Write both files of the sample."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QGuiApplication(sys.argv[:1])
    OUT.mkdir(parents=True, exist_ok=True)
    speech = speak_all(TALK)
    with TemporaryDirectory() as scratch:
        sound = Path(scratch) / "talk.wav"
        write_sound(speech, sound)
        write_video(speech, sound, OUT / "talk.mp4")
    write_subtitles(speech, OUT / "talk.srt")
    size = (OUT / "talk.mp4").stat().st_size
    sys.stdout.write(f"{OUT / 'talk.mp4'}: {speech.duration_s:.1f} s, {size / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
