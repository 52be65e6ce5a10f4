"""The sample talk as written: who says what, in which shot, and the pause that follows.

The shop, its owner and the figures are invented. The text holds a story, a mistake, a number
that matters and a how-to, so that a finder of clips has something to find.
"""

from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    HOST = "host"
    GUEST = "guest"


class Shot(StrEnum):
    BOTH = "both"
    HOST = "host"
    GUEST = "guest"
    SLIDE = "slide"


@dataclass(frozen=True)
class Line:
    """One sentence. `pause_s` is the silence after it."""

    shot: Shot
    speaker: Speaker
    text: str
    pause_s: float = 0.28


def _lines(shot: Shot, speaker: Speaker, *texts: str, last_pause_s: float = 0.5) -> list[Line]:
    *early, last = texts
    return [*(Line(shot, speaker, text) for text in early), Line(shot, speaker, last, last_pause_s)]


TALK: tuple[Line, ...] = (
    *_lines(
        Shot.BOTH,
        Speaker.HOST,
        "Welcome to the Corner Workshop.",
        "Ana Reed repairs bicycles, and she nearly lost her shop to silence.",
    ),
    *_lines(Shot.HOST, Speaker.HOST, "Ana, what happened?"),
    *_lines(
        Shot.GUEST,
        Speaker.GUEST,
        "Let me tell you about the worst Monday of my life.",
        "I opened the door, and there stood forty one bicycles.",
        "All of them repaired, and nobody came to pick them up.",
        "Then an old man walked in and asked: is mine ready yet?",
        "It had been ready for three weeks.",
        "I had never called him.",
        last_pause_s=0.6,
    ),
    *_lines(Shot.HOST, Speaker.HOST, "Wait. You never called anyone?"),
    *_lines(
        Shot.GUEST,
        Speaker.GUEST,
        "Nobody.",
        "The biggest mistake I ever made would have cost nothing to fix.",
        "I believed that good work speaks for itself.",
        "It does not.",
        "Good work stands in a corner and waits.",
        last_pause_s=0.6,
    ),
    *_lines(Shot.BOTH, Speaker.HOST, "And what did the numbers say?"),
    *_lines(
        Shot.SLIDE,
        Speaker.GUEST,
        "Here is the number that changed everything.",
        "Of one hundred people who heard nothing from us, sixty one never came back.",
        "Of one hundred who got one short call, we lost only nine.",
        "The same repairs, the same price, and one call.",
        last_pause_s=0.6,
    ),
    *_lines(Shot.HOST, Speaker.HOST, "So how do I do that tomorrow?"),
    *_lines(
        Shot.GUEST,
        Speaker.GUEST,
        "It takes three steps.",
        "First, call on the day you promised, even if the work is not done.",
        "Second, say one thing you found, and one thing you fixed.",
        "Third, ask when they want to ride again.",
        "It takes two minutes, and it is the best advertising there is.",
        last_pause_s=0.6,
    ),
    *_lines(Shot.BOTH, Speaker.HOST, "And the old man?"),
    *_lines(
        Shot.BOTH,
        Speaker.GUEST,
        "He comes back every spring.",
        "His brakes are perfect.",
        "He just likes the call.",
        last_pause_s=1.2,
    ),
)
