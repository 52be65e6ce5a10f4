"""What goes on while a caption stands: waves, shakes, and the shimmer of its letters."""

import math
from collections.abc import Iterator

from clipforge_desktop.captions.fonts import SCRIPTS, script_of
from clipforge_desktop.captions.layout import PlacedCaption, PlacedWord
from clipforge_desktop.captions.looks import TokenLooks
from clipforge_desktop.captions.motion import AT_REST, Pose, idle_pose
from clipforge_desktop.captions.tokens import graphemes
from clipforge_desktop.captions.word_scene import Letter
from clipforge_desktop.domain.caption_style import CaptionStyle

_SHIMMER_STEPS = 16
"""Pictures of one shimmer: so many are kept of every word, and seen as one movement."""
_STEP_S = 1 / 15
"""Standing movements are drawn on twos, as animators say: half the pictures, seen as smooth."""
_SHIMMER_WAVE_EM = 8
"""One gradient spans this much of a line, so that light wanders across the words."""


class Idling:
    """The standing movements of one placed caption. `active_ends_s` is by word."""

    def __init__(
        self,
        caption: PlacedCaption,
        looks: list[TokenLooks],
        style: CaptionStyle,
        active_ends_s: list[float],
    ) -> None:
        self._caption = caption
        self._idle = style.idle
        self._active_ends_s = active_ends_s
        self._shimmer_s = _shimmer_s(looks)
        self._letters = [self._parts(word) for word in caption.words]

    @property
    def never_rests(self) -> bool:
        return bool(self._shimmer_s) or self._idle is not None

    @property
    def has_letters(self) -> bool:
        """Whether letters move one by one."""
        return any(self._letters)

    @property
    def needs_layers(self) -> bool:
        """Whether outlines must be drawn below all letters: they shimmer, or part."""
        return bool(self._shimmer_s) or self.has_letters

    def moves(self, scope: str) -> bool:
        """Whether each `scope` idles by itself; only the active word does so as a word at least."""
        idle = self._idle
        if idle is None:
            return False
        own = "word" if idle.only_active and idle.scope in ("block", "line") else idle.scope
        return own == scope

    def _parts(self, word: PlacedWord) -> tuple[str, ...]:
        """The word's letters when they idle one by one; joined ones stay together."""
        script = script_of(word.token.text)
        if not self.moves("letter") or (script is not None and not SCRIPTS[script].is_spaced):
            return ()
        letters = tuple(graphemes(word.token.text))
        return letters if len(letters) + 1 == len(word.carets_px) else ()

    def phase(self, x_px: float, clip_s: float) -> float:
        """How far the shimmer is at `x_px`: it wanders across the frame, in steps."""
        if not self._shimmer_s:
            return 0.0
        passed = math.floor(clip_s / self._shimmer_s * _SHIMMER_STEPS)
        ahead = round(x_px / (_SHIMMER_WAVE_EM * self._caption.em_px) * _SHIMMER_STEPS)
        return (passed - ahead) % _SHIMMER_STEPS / _SHIMMER_STEPS

    def letters(self, index: int, clip_s: float) -> Iterator[Letter]:
        """Where the letters of a word are, if they move by themselves."""
        word, letters = self._caption.words[index], self._letters[index]
        before = sum(len(parts) + 1 for parts in self._letters[:index])
        for number, letter in enumerate(letters):
            pen_px = min(word.carets_px[number], word.carets_px[number + 1])
            yield Letter(letter, pen_px, self.pose(index, before + number, clip_s))

    def pose(self, index: int, number: int, clip_s: float) -> Pose:
        """Of the `number`th line, word or letter, in the word `index`."""
        if self._idle is None:
            return AT_REST
        token = self._caption.words[index].token
        if not self._idle.only_active:
            return idle_pose(self._idle, _stepped(clip_s - self._caption.start_s), number)
        if token.start_s <= clip_s < self._active_ends_s[index]:
            return idle_pose(self._idle, _stepped(clip_s - token.start_s), number)
        return AT_REST


def _stepped(passed_s: float) -> float:
    return math.floor(passed_s / _STEP_S + 1e-6) * _STEP_S


def _shimmer_s(looks: list[TokenLooks]) -> float:
    """The period of the fills that shimmer; 0 when none does."""
    states = (look for token in looks for look in (token.unspoken, token.active, token.spoken))
    return max((look.face.fill.shimmer_s for look in states), default=0.0)
