"""Caption + time -> scene: the list of things to draw, in order, as plain hashable values.

A scene is also its own key: equal scenes are identical pictures. All movement is worked out
here, so the painter only draws; a timeline tells how long a scene stays as it is.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from clipforge_desktop.captions.glyphs import text_is_right_to_left
from clipforge_desktop.captions.idling import Idling
from clipforge_desktop.captions.layout import Area, PlacedCaption, PlacedWord
from clipforge_desktop.captions.looks import Look, TokenLooks
from clipforge_desktop.captions.motion import AT_REST, eased, pose
from clipforge_desktop.captions.operations import (
    BoxOp,
    Clip,
    Group,
    LineOp,
    Placement,
    Scene,
    WordOp,
    box_op,
    quarter,
)
from clipforge_desktop.captions.sprites import Layer
from clipforge_desktop.captions.word_scene import WordNow, WordState
from clipforge_desktop.domain.caption_style import CaptionStyle, Motion


class Timeline:
    """Which stretches of time are steady between movements, given as (start, end)."""

    def __init__(self, movements: list[tuple[float, float]]) -> None:
        self._points = sorted({point for movement in movements for point in movement})
        starts = sorted(start for start, _ in movements)
        ends = sorted(end for _, end in movements)
        self._is_moving = [
            bisect_right(starts, point) > bisect_right(ends, point) for point in self._points
        ]

    def steady_range(self, clip_s: float) -> tuple[float, float]:
        after = bisect_right(self._points, clip_s)
        if after and self._is_moving[after - 1]:
            return clip_s, clip_s
        start_s = self._points[after - 1] if after else -math.inf
        return start_s, self._points[after] if after < len(self._points) else math.inf


class CaptionScenes:
    """All scenes of one placed caption."""

    def __init__(
        self, caption: PlacedCaption, looks: list[TokenLooks], style: CaptionStyle
    ) -> None:
        self.caption = caption
        self.looks = looks
        self.style = style
        self._motions = ((style.entrance, False), (style.exit, True))
        self._active_ends_s = [self._active_end(index) for index in range(len(caption.words))]
        self._areas = [self._area(word) for word in caption.words]
        self._is_right_to_left = [text_is_right_to_left(w.token.text) for w in caption.words]
        first = caption.words[0]
        self._block = self._grouped(caption.block, 0, first, "block")
        self._line_groups = [
            self._grouped(area, number, _first_in(caption, number), "line")
            for number, area in enumerate(caption.lines)
        ]
        self._word_groups = [
            self._grouped(area, index, word, "word")
            for index, (area, word) in enumerate(zip(self._areas, caption.words, strict=True))
        ]
        self._idling = Idling(caption, looks, style, self._active_ends_s)
        self._timeline = Timeline(self._movements())
        self._can_rest = not style.active.sweep and not self._idling.has_letters
        self._still: dict[tuple[int, int, int, float], WordNow] = {}

    def _active_end(self, index: int) -> float:
        token = self.caption.words[index].token
        later_s = [
            word.token.start_s
            for word in self.caption.words
            if word.token.start_s > token.start_s and word.token.word >= 0
        ]
        next_s = min(later_s, default=self.caption.end_s)
        return min(next_s, token.end_s + self.style.active.linger_s, self.caption.end_s)

    def _area(self, word: PlacedWord) -> Area:
        size = word.em_px / self.caption.em_px
        ascent_px, descent_px = self.caption.ascent_px * size, self.caption.descent_px * size
        return Area(word.x_px, word.baseline_px - ascent_px, word.width_px, ascent_px + descent_px)

    def steady_range(self, clip_s: float) -> tuple[float, float]:
        """From when until when the scene at `clip_s` stays the same; empty while it moves."""
        return self._timeline.steady_range(clip_s)

    def moments_s(self) -> list[float]:
        """Times at which words look as they have not before: at the start, and when spoken."""
        begins_s = [word.token.start_s for word in self.caption.words]
        length_s = self._length_s(self.style.entrance)
        settled_s = [at_s + self.style.active.transition_s for at_s in begins_s]
        found = [self.caption.start_s, self.caption.start_s + length_s, *begins_s, *settled_s]
        return [at_s for at_s in found if self.caption.start_s <= at_s < self.caption.end_s]

    def typical_s(self) -> float:
        """A time at which the caption stands and a word in its middle is being spoken.

        The middle of its time where no word's own leaves room for that.
        """
        words = self.caption.words
        spoken = [index for index, word in enumerate(words) if word.token.word >= 0]
        for index in sorted(spoken, key=lambda one: abs(one - spoken[len(spoken) // 2])):
            from_s, until_s = self._resting(index)
            if from_s < until_s:
                token = words[index].token
                settled_s = token.start_s + self.style.active.transition_s
                late_s = max(token.start_s * 0.3 + token.end_s * 0.7, settled_s, from_s)
                return late_s if late_s < until_s else (from_s + until_s) / 2
        return (self.caption.start_s + self.caption.end_s) / 2

    def _resting(self, index: int) -> tuple[float, float]:
        """From when until when the word is being spoken, has come, and nothing goes yet."""
        entrance, leaving = self.style.entrance, self.style.exit
        come_s = self._group_of(index, entrance.scope).start_s + self._length_s(entrance)
        going_s = min(group.end_s for group in self._groups(leaving.scope))
        start_s = self.caption.words[index].token.start_s
        return (
            max(start_s, self.caption.start_s, come_s),
            min(self._active_ends_s[index], going_s - self._length_s(leaving)),
        )

    def _movements(self) -> list[tuple[float, float]]:
        """All stretches of time in which anything moves; a sudden change has no length."""
        active = self.style.active
        found = [(self.caption.start_s, self.caption.start_s)]
        if self._idling.never_rests:
            found.append((self.caption.start_s, self.caption.end_s))
        for index, word in enumerate(self.caption.words):
            start_s, end_s = word.token.start_s, self._active_ends_s[index]
            found.append((start_s, start_s + active.transition_s))
            found.append((end_s, end_s + active.transition_s))
            if active.sweep:
                found.append((start_s, word.token.end_s))
        for group in self._groups(self.style.entrance.scope):
            length_s = self._length_s(self.style.entrance)
            found.append((group.start_s, group.start_s + length_s))
        leaving_s = self._length_s(self.style.exit)
        found += [
            (group.end_s - leaving_s, self.caption.end_s)
            for group in self._groups(self.style.exit.scope)
        ]
        return found

    def _groups(self, scope: str) -> list[Group]:
        if scope == "block":
            return [self._block]
        return self._line_groups if scope == "line" else self._word_groups

    def at(self, clip_s: float) -> Scene:
        """What to draw at `clip_s`, bottom first."""
        caption = self.caption
        block = self._placements(self._block, "block", clip_s)
        lines = [
            [*block, *self._placements(self._line_groups[number], "line", clip_s)]
            for number in range(len(caption.lines))
        ]
        words = [self._word(index, lines[w.line], clip_s) for index, w in enumerate(caption.words)]
        return tuple(
            op for op in (*self._surfaces(block, lines), *self._drawn(words)) if op.opacity
        )

    def _word(self, index: int, line: list[Placement], clip_s: float) -> WordNow:
        """The word at `clip_s`; the same as before where it stands still as it did then."""
        looks = self._looks_at(index, clip_s)
        placements = [*line, *self._placements(self._word_groups[index], "word", clip_s)]
        stands = all(one.pose is AT_REST and one.clip is None for one in placements)
        if not (self._can_rest and stands and looks[2] == 1):  # beyond 1 it swings
            return WordNow(self._state(index, looks, clip_s), placements, self.caption.em_px)
        key = (index, id(looks[0]), id(looks[1]), self._phase(index, clip_s))
        if key not in self._still:
            state = self._state(index, looks, clip_s)
            self._still[key] = WordNow(state, placements, self.caption.em_px)
        return self._still[key]

    def _phase(self, index: int, clip_s: float) -> float:
        return self._idling.phase(self._areas[index].x, clip_s)

    def _surfaces(self, block: list[Placement], lines: list[list[Placement]]) -> Iterator[BoxOp]:
        style, em_px = self.style, self.caption.em_px
        if style.block_box is not None:
            yield box_op(style.block_box, self.caption.block, em_px, block, 1.0, 1.0, 0.0, 0.0)
        if style.line_box is not None:
            for area, line in zip(self.caption.lines, lines, strict=True):
                yield box_op(style.line_box, area, em_px, line, 1.0, 1.0, 0.0, 0.0)

    def _drawn(self, words: list[WordNow]) -> Iterator[BoxOp | WordOp | LineOp]:
        """Layer by layer over all words, so that none covers its neighbour's letters."""
        by_height = sorted(words, key=lambda word: word.state.is_raised)
        for word in by_height:
            yield from word.boxes
        for word in by_height:
            yield from word.pictures("under")
        for word in words:
            yield from word.underlines
        layers: tuple[Layer, ...] = (
            ("outline", "fill")
            if (self.caption.is_joined or self._idling.needs_layers)
            else ("face",)
        )
        for layer in layers:
            for word in by_height:
                yield from word.pictures(layer)
        for word in words:
            yield from word.cursor

    def _state(self, index: int, between: tuple[Look, Look, float], clip_s: float) -> WordState:
        before, now, share = between
        looks, active = self.looks[index], self.style.active
        word = self.caption.words[index]
        is_fresh = now is looks.active and share < 1 and before is not now
        slides = active.box_motion == "slide"
        return WordState(
            word,
            self._areas[index],
            before,
            now,
            share,
            self._is_right_to_left[index],
            now is looks.active or before is not now,
            self._sung(index, clip_s),
            active.box_motion,
            self._box_before(index) if slides and is_fresh else None,
            slides and self._box_after(index),
            *self._typed(index, clip_s),
            self._phase(index, clip_s),
            tuple(self._idling.letters(index, clip_s)),
        )

    def _box_before(self, index: int) -> Area | None:
        """The word from which the box comes: the one before, in the same line, without a pause."""
        return self._areas[index - 1] if index and self._box_after(index - 1) else None

    def _box_after(self, index: int) -> bool:
        words = self.caption.words
        return (
            index + 1 < len(words)
            and words[index + 1].line == words[index].line
            and words[index + 1].token.start_s == self._active_ends_s[index]
        )

    def _typed(self, index: int, clip_s: float) -> tuple[Clip | None, float | None]:
        """What typewriting shows of the word, letter by letter as it is read, and the cursor.

        The first letter is there from the first frame on.
        """
        for motion, share in self._motions_at(index, clip_s):
            if motion.kind != "typewriter" or share >= 1:
                continue
            first, count = self._letters_of(index, motion.scope)
            typed = max(int(eased(share, motion.easing) * count), int(share >= 0)) - first
            carets_px = self.caption.words[index].carets_px
            is_here = motion.cursor and share >= 0 and 0 <= typed < len(carets_px)
            return self._letters_clip(index, typed), carets_px[typed] if is_here else None
        return None, None

    def _motions_at(self, index: int, clip_s: float) -> Iterator[tuple[Motion, float]]:
        for motion, is_exit in self._motions:
            group = self._group_of(index, motion.scope)
            yield motion, self._motion_share(motion, is_exit, group, clip_s)

    def _letters_of(self, index: int, scope: str) -> tuple[int, int]:
        """Letters before the word in its block, line or itself, and all letters there."""
        words = self.caption.words
        mates = [
            number
            for number, word in enumerate(words)
            if scope == "block"
            or (scope == "line" and word.line == words[index].line)
            or number == index
        ]
        counts = {number: len(self.caption.words[number].carets_px) - 1 for number in mates}
        return sum(counts[number] for number in mates if number < index), sum(counts.values())

    def _letters_clip(self, index: int, typed: int) -> Clip:
        area, carets_px = self._areas[index], self.caption.words[index].carets_px
        count = min(max(typed, 0), len(carets_px) - 1)
        edge_px = area.x + carets_px[count]
        is_whole = count == len(carets_px) - 1
        room_px = self.caption.em_px * 0.3
        if self._is_right_to_left[index]:
            left_px = area.x - room_px if is_whole else edge_px
            return Clip(quarter(left_px), quarter(area.x + area.width + (room_px if count else 0)))
        right_px = area.x + area.width + room_px if is_whole else edge_px
        return Clip(quarter(area.x - (room_px if count else 0)), quarter(right_px))

    def _group_of(self, index: int, scope: str) -> Group:
        if scope == "block":
            return self._block
        if scope == "line":
            return self._line_groups[self.caption.words[index].line]
        return self._word_groups[index]

    def _grouped(self, area: Area, number: int, first: PlacedWord, scope: str) -> Group:
        """`first` is the group's first word: it never comes later than that word is spoken."""
        motion = self.style.entrance
        spoken_s = max(first.token.start_s, self.caption.start_s)
        start_s = min(self.caption.start_s + number * motion.stagger_s, spoken_s)
        if motion.at_word:
            start_s = spoken_s
        end_s = self.caption.end_s - self._exit_delay(number, scope)
        return Group(area, number, start_s, end_s, text_is_right_to_left(first.token.text))

    def _exit_delay(self, number: int, scope: str) -> float:
        counts = {"line": len(self.caption.lines), "word": len(self.caption.words)}
        return (counts.get(scope, 1) - 1 - number) * self.style.exit.stagger_s

    def _placements(self, group: Group, scope: str, clip_s: float) -> list[Placement]:
        """Coming, going, and what goes on meanwhile."""
        found = [self._placement(group, scope, clip_s)]
        if self._idling.moves(scope):
            word = group.number if scope == "word" else 0
            resting = self._idling.pose(word, group.number, clip_s)
            found.append(replace(found[0], pose=resting, clip=None))
        return found

    def _placement(self, group: Group, scope: str, clip_s: float) -> Placement:
        found = AT_REST
        for motion, is_exit in self._motions:
            if motion.scope == scope and found is AT_REST:
                share = self._motion_share(motion, is_exit, group, clip_s)
                found = pose(motion, share, group.number, is_exit=is_exit)
        area, em_px = group.area, self.caption.em_px
        clip = self._clip(group, found.shown)
        if found.sunk:
            top, bottom = area.y - 0.4 * em_px, area.y + area.height + 0.15 * em_px
            clip = Clip(-math.inf, math.inf, quarter(top), quarter(bottom))
            found = replace(found, y_em=found.sunk * (bottom - top) / em_px)
        return Placement(area.x + area.width / 2, area.y + area.height / 2, found, em_px, clip)

    def _motion_share(self, motion: Motion, is_exit: bool, group: Group, clip_s: float) -> float:
        if is_exit:
            return share_of(group.end_s - clip_s, self._length_s(motion))
        return share_of(clip_s - group.start_s, self._length_s(motion))

    def _length_s(self, motion: Motion) -> float:
        """Never longer than half of the caption, so that short ones are seen at rest."""
        return min(motion.duration_s, (self.caption.end_s - self.caption.start_s) / 2)

    def _clip(self, group: Group, shown: float) -> Clip | None:
        if shown >= 1:
            return None
        margin = self.caption.em_px * 0.3
        left, right = group.area.x - margin, group.area.x + group.area.width + margin
        if group.is_right_to_left:
            return Clip(quarter(right - (right - left) * shown), quarter(right))
        return Clip(quarter(left), quarter(left + (right - left) * shown))

    def _looks_at(self, index: int, clip_s: float) -> tuple[Look, Look, float]:
        """The looks between which the word is, and how far it has gone from one to the other."""
        looks = self.looks[index]
        start_s, end_s = self.caption.words[index].token.start_s, self._active_ends_s[index]
        active = self.style.active
        if clip_s < start_s:
            return looks.unspoken, looks.unspoken, 1.0
        if clip_s < end_s:
            share = share_of(clip_s - start_s, active.transition_s)
            return looks.unspoken, looks.active, eased(share, active.easing)
        share = share_of(clip_s - end_s, active.transition_s)
        return looks.active, looks.spoken, eased(share, "ease_out")

    def _sung(self, index: int, clip_s: float) -> float | None:
        """Share of the word that was sung at `clip_s`, or None when it is not being spoken."""
        token = self.caption.words[index].token
        if not self.style.active.sweep or not token.start_s <= clip_s < token.end_s:
            return None
        return (clip_s - token.start_s) / (token.end_s - token.start_s)


def _first_in(caption: PlacedCaption, line: int) -> PlacedWord:
    return next(word for word in caption.words if word.line == line)


def share_of(passed_s: float, whole_s: float) -> float:
    if passed_s < 0:
        return -1.0
    return min(passed_s / whole_s, 1.0) if whole_s > 0 else 1.0
