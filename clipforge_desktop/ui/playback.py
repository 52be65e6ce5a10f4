"""Plays a clip straight from its source: frames as pictures, pieces in a loop.

QMediaPlayer decodes; its frames come through a QVideoSink, so that they can be cropped and
painted on under captions. Only frames inside the clip's pieces are shown. Where QtMultimedia
cannot be loaded (a missing system library) the window says so and shows posters instead.
"""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QUrl, Signal
from PySide6.QtGui import QImage

from clipforge_desktop.domain.clip import Piece, TimeMap

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

END_SLACK_S = 0.02
"""A frame that starts this close to a piece's end counts as past it."""
SPEEDS = (1.0, 1.5, 2.0)
NO_PLAYER = "Video cannot be played here: a system library is missing. Clips still export."


@dataclass
class _Engine:
    player: "QMediaPlayer"
    sink: "QVideoSink"
    sound: "QAudioOutput"


class Playback(QObject):
    """One source at a time. Times are seconds on the source's clock."""

    frame_shown = Signal(object, float)  # QImage, source time
    _converted = Signal(object, float, int)
    moved = Signal(float)
    playing_changed = Signal(bool)
    unavailable = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: _Engine | None = None
        self._is_unavailable = False
        self._path = ""
        self._start_at: float | None = None
        self._plays_on_load = False
        self._map: TimeMap | None = None
        self._piece = 0
        self._is_muted = False
        self.position_s = 0.0
        self._waiting: tuple[QVideoFrame, float] | None = None
        self._is_converting = False
        self._jumps = 0
        self._converted.connect(self._show)

    @property
    def is_playing(self) -> bool:
        engine = self._engine
        return engine is not None and engine.player.isPlaying()

    @property
    def is_available(self) -> bool:
        return not self._is_unavailable

    def open(
        self, path: str, pieces: tuple[Piece, ...], at_s: float | None = None, plays: bool = False
    ) -> None:
        """Show `path` at `at_s`, looping over `pieces`; no pieces means the whole source."""
        self._map = TimeMap(pieces) if pieces else None
        start_s = at_s if at_s is not None else (pieces[0].start_s if pieces else 0.0)
        self._piece = self._piece_at(start_s)
        self.position_s = start_s
        engine = self._ready_engine()
        if engine is None:
            self.moved.emit(start_s)
            return
        if path == self._path and engine.player.mediaStatus() is not _statuses().NoMedia:
            self._begin(start_s, plays)
            return
        self._path = path
        self._forget_frames()
        self._start_at, self._plays_on_load = start_s, plays
        engine.player.setSource(QUrl.fromLocalFile(path))
        engine.player.pause()

    def close(self) -> None:
        """Let go of the file."""
        self._path = ""
        if self._engine is not None:
            self._engine.player.stop()
            self._engine.player.setSource(QUrl())

    def toggle(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        if self._engine is not None and self._path:
            self._engine.player.play()

    def pause(self) -> None:
        if self._engine is not None:
            self._engine.player.pause()
            self._engine.player.setPlaybackRate(1.0)

    def faster(self) -> None:
        """Play; once more plays at one and a half, then at double speed."""
        engine = self._engine
        if engine is None:
            return
        if self.is_playing:
            rate = engine.player.playbackRate()
            engine.player.setPlaybackRate(next((s for s in SPEEDS if s > rate), SPEEDS[-1]))
        else:
            self.play()

    def seek(self, source_s: float) -> None:
        """Go to a time of the source; inside a clip, to the nearest time that is in it."""
        if self._map is not None and self._map.to_clip_s(source_s) is None:
            source_s = self._nearest(source_s)
        self._piece = self._piece_at(source_s)
        self._go(source_s)

    def recut(self, pieces: tuple[Piece, ...]) -> None:
        """Go on where we are, with other pieces; to the nearest one when this time is cut out."""
        self._map = TimeMap(pieces) if pieces else None
        self._piece = self._piece_at(self.position_s)
        if self._map is not None and self._map.to_clip_s(self.position_s) is None:
            self.seek(self.position_s)

    def step(self, by_s: float) -> None:
        """Back or on by some seconds of what is played, around cuts."""
        if self._map is None:
            self.seek(max(0.0, self.position_s + by_s))
            return
        now_s = self._map.to_clip_s(self.position_s) or 0.0
        self.seek(self._map.to_source_s(min(max(now_s + by_s, 0.0), self._map.duration_s - 0.05)))

    def set_muted(self, is_muted: bool) -> None:
        self._is_muted = is_muted
        if self._engine is not None:
            self._engine.sound.setMuted(is_muted)

    def _begin(self, start_s: float, plays: bool) -> None:
        self._go(start_s)
        if plays:
            self.play()
        else:
            self.pause()

    def _go(self, source_s: float) -> None:
        self.position_s = source_s
        self._forget_frames()
        if self._engine is not None:
            self._engine.player.setPosition(round(source_s * 1000))
        self.moved.emit(source_s)

    def _piece_at(self, source_s: float) -> int:
        pieces = self._map.pieces if self._map is not None else ()
        for index, piece in enumerate(pieces):
            if piece.start_s <= source_s < piece.end_s:
                return index
        return 0

    def _nearest(self, source_s: float) -> float:
        assert self._map is not None
        edges = [edge for p in self._map.pieces for edge in (p.start_s, p.end_s - 0.05)]
        return min(edges, key=lambda edge: abs(edge - source_s))

    def _ready_engine(self) -> _Engine | None:
        """The player, made at the first use: loading it takes longer than painting the window."""
        if self._engine is None and not self._is_unavailable:
            try:
                from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink
            except ImportError:
                self._give_up(NO_PLAYER)
                return None
            player = QMediaPlayer(self)
            if not player.isAvailable():
                self._give_up(NO_PLAYER)
                return None
            self._engine = _Engine(player, QVideoSink(self), QAudioOutput(self))
            for part in (player, self._engine.sink, self._engine.sound):
                _ask_overrides_now(part)
            self._engine.sound.setMuted(self._is_muted)
            player.setAudioOutput(self._engine.sound)
            player.setVideoSink(self._engine.sink)
            player.setLoops(QMediaPlayer.Loops.Infinite.value)
            player.mediaStatusChanged.connect(self._on_status)
            player.playingChanged.connect(self.playing_changed)
            player.positionChanged.connect(self._on_position)
            player.errorOccurred.connect(self._on_error)
            self._engine.sink.videoFrameChanged.connect(self._on_frame)
        return self._engine

    def _give_up(self, reason: str) -> None:
        self._is_unavailable = True
        self.unavailable.emit(reason)

    def _on_status(self, status: object) -> None:
        is_loaded = status in (_statuses().LoadedMedia, _statuses().BufferedMedia)
        if is_loaded and self._start_at is not None:
            start_s, self._start_at = self._start_at, None
            self._begin(start_s, self._plays_on_load)

    def _on_error(self, _code: object, message: str) -> None:
        self.unavailable.emit(f"This video cannot be played here: {message}. It still exports.")

    def _on_position(self, position_ms: int) -> None:
        """Sound without pictures moves the play head too."""
        if self._engine is not None and not self._engine.player.hasVideo():
            self._follow(position_ms / 1000)

    def _on_frame(self, frame: "QVideoFrame") -> None:
        if not frame.isValid() or self._start_at is not None:
            return
        time_s = frame.startTime() / 1e6
        if self._follow(time_s):
            self._waiting = (frame, time_s)  # a newer frame replaces one that still waits
            self._convert_next()

    def _convert_next(self) -> None:
        """One frame at a time becomes a picture, off this thread: a slow machine drops frames
        instead of falling behind, and keys are answered in between."""
        if self._waiting is None or self._is_converting:
            return
        frame, time_s = self._waiting
        self._waiting = None
        self._is_converting = True
        jumps = self._jumps
        QThreadPool.globalInstance().start(lambda: self._convert(frame, time_s, jumps))

    def _convert(self, frame: "QVideoFrame", time_s: float, jumps: int) -> None:
        picture = frame.toImage()
        with contextlib.suppress(RuntimeError):  # the window was closed in the meantime
            self._converted.emit(picture, time_s, jumps)

    def _show(self, picture: QImage, time_s: float, jumps: int) -> None:
        self._is_converting = False
        if jumps == self._jumps:
            self.frame_shown.emit(picture, time_s)
        self._convert_next()

    def _forget_frames(self) -> None:
        """What is still being converted belongs to where we were before."""
        self._waiting = None
        self._jumps += 1

    def _follow(self, time_s: float) -> bool:
        """Move the play head; False when the time lies outside of what is played."""
        if self._map is not None:
            piece = self._map.pieces[self._piece]
            if time_s >= piece.end_s - END_SLACK_S:
                self._piece = (self._piece + 1) % len(self._map.pieces)
                self._go(self._map.pieces[self._piece].start_s)
                return False
            if time_s < piece.start_s - 0.2:
                return False
        self.position_s = time_s
        self.moved.emit(time_s)
        return True


def _ask_overrides_now(part: QObject) -> None:
    """Let PySide look once, here, whether Python overrides how `part` hears of (dis)connections.

    It looks at the first one. When that is the player's own thread letting go of its sound
    while this thread waits for it in `stop`, holding Python's lock, neither ever goes on.
    """
    part.objectNameChanged.connect(_hear_nothing)
    part.objectNameChanged.disconnect(_hear_nothing)


def _hear_nothing(_name: str) -> None:
    return


def _statuses() -> "type[QMediaPlayer.MediaStatus]":
    from PySide6.QtMultimedia import QMediaPlayer

    return QMediaPlayer.MediaStatus
