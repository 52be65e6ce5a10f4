"""Every attribute of a style is seen in the picture, and every movement ends at rest."""

import numpy as np
import pytest

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.caption_style import (
    ActiveLook,
    Box,
    CaptionStyle,
    FacedLook,
    Fill,
    FontSpec,
    Glow,
    Idle,
    Keywords,
    LineRules,
    Motion,
    Outline,
    Position,
    Shadow,
    TextRules,
    Underline,
    WordFont,
    WordLook,
)
from clipforge_desktop.domain.transcript import Word
from tests.gui.caption_words import PLAIN, PORTRAIT, bgra, green_columns, spoken

pytestmark = pytest.mark.usefixtures("qapp")

VARIANTS: dict[str, dict[str, object]] = {
    "fill": {"fill": Fill(colors=("#FF0000", "#0000FF"), angle_deg=0)},
    "outline": {"outlines": (Outline(color="#FF0000", width_em=0.1),)},
    "second outline": {"outlines": (Outline(), Outline(color="#00FFFF", width_em=0.1))},
    "outline offset": {"outlines": (Outline(offset_x_em=0.2),)},
    "shadow": {"shadows": (Shadow(color="#FF0000", offset_x_em=0.2, blur_em=0.2),)},
    "glow": {"glow": Glow(color="#FF00FF")},
    "glow strength": {"glow": Glow(color="#FF00FF", strength=3)},
    "block box": {"block_box": Box()},
    "line box": {"line_box": Box()},
    "word box": {"word_box": Box()},
    "box border": {"block_box": Box(border=Outline(color="#FF0000"))},
    "box shadow": {"block_box": Box(shadow=Shadow())},
    "box tilt": {"block_box": Box(tilt_deg=5)},
    "box radius": {"block_box": Box(radius_em=0)},
    "bubble": {"block_box": Box(shape="bubble")},
    "window": {"block_box": Box(shape="window")},
    "tape": {"block_box": Box(shape="tape")},
    "grow": {"font": FontSpec(grow=1.5)},
    "cursor": {
        "entrance": Motion(kind="typewriter", scope="word", at_word=True, cursor=True),
    },
    "active box": {"active": ActiveLook(box=Box())},
    "active scale": {"active": ActiveLook(scale=1.3)},
    "active lift": {"active": ActiveLook(lift_em=0.3)},
    "active tilt": {"active": ActiveLook(tilt_deg=8)},
    "active underline": {"active": ActiveLook(underline=Underline())},
    "active cycle": {"active": ActiveLook(cycle=("#FF0000", "#0000FF"))},
    "active sweep": {"active": ActiveLook(fill=Fill(colors=("#FF0000",)), sweep=True)},
    "active outlines": {"active": ActiveLook(outlines=(Outline(color="#FF0000"),))},
    "active shadows": {"active": ActiveLook(shadows=(Shadow(offset_y_em=0.3),))},
    "active glow": {"active": ActiveLook(glow=Glow())},
    "active opacity": {"active": ActiveLook(opacity=0.5)},
    "spoken": {"spoken": WordLook(opacity=0.4)},
    "unspoken": {"unspoken": WordLook(fill=Fill(colors=("#888888",)))},
    "keyword list": {"keywords": Keywords(first=FacedLook(scale=1.2), first_words=("two",))},
    "second keywords": {"keywords": Keywords(second=FacedLook(scale=1.2), second_words=("TWO",))},
    "numbers": {"keywords": Keywords(first=FacedLook(opacity=0.5), numbers="first")},
    "names": {"keywords": Keywords(second=FacedLook(opacity=0.5), names="second")},
    "rare": {"keywords": Keywords(first=FacedLook(opacity=0.5), rare="first")},
    "openings": {"keywords": Keywords(first=FacedLook(opacity=0.5), openings="first")},
    "closings": {"keywords": Keywords(first=FacedLook(opacity=0.5), closings="first")},
    "family": {"font": FontSpec(family="Anton")},
    "weight": {"font": FontSpec(weight=400)},
    "italic": {"font": FontSpec(italic=True)},
    "size": {"font": FontSpec(size_percent=3)},
    "case": {"font": FontSpec(case="upper")},
    "letter spacing": {"font": FontSpec(letter_spacing_em=0.1)},
    "word spacing": {"font": FontSpec(word_spacing_em=0.3)},
    "line height": {"font": FontSpec(line_height_em=2)},
    "position": {"position": Position(y=0.2)},
    "anchor": {"position": Position(anchor="bottom")},
    "alignment": {"position": Position(alignment="left")},
    "margin": {"position": Position(margin=0.2, alignment="left")},
    "max words": {"lines": LineRules(max_words=2)},
    "max chars": {"lines": LineRules(max_chars=8)},
    "max lines": {"lines": LineRules(max_lines=1)},
    "punctuation": {"text": TextRules(punctuation="drop")},
    "censored": {"text": TextRules(censored=("two",))},
    "speaker labels": {"text": TextRules(speaker_labels="inline")},
    "speaker colors": {"text": TextRules(speaker_colors=("#FF0000",))},
    "sounds": {"text": TextRules(sounds="hide")},
    "speaker names above": {"text": TextRules(speaker_labels="above")},
    "names in colour": {
        "text": TextRules(
            speaker_labels="inline", speaker_colors=("#FF0000",), speaker_colors_for="names"
        )
    },
    "second face": {
        "keywords": Keywords(first=FacedLook(font=WordFont(family="Lora")), first_words=("two",))
    },
    "second size": {
        "keywords": Keywords(first=FacedLook(font=WordFont(size=1.6)), first_words=("two",))
    },
    "second case": {
        "keywords": Keywords(first=FacedLook(font=WordFont(case="upper")), first_words=("two",))
    },
    "shimmer": {"fill": Fill(colors=("#FF0000", "#0000FF"), shimmer_s=2)},
    "stretch": {"active": ActiveLook(stretch=1.4)},
    "wave": {"idle": Idle()},
    "wave of letters": {"idle": Idle(scope="letter")},
    "shake": {"idle": Idle(kind="shake", only_active=True)},
    "sound look": {"text": TextRules(sound_look=FacedLook(opacity=0.5))},
}


@pytest.mark.parametrize("change", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_attribute_of_the_style_is_painted(change: dict[str, object]) -> None:
    words = spoken("Well, two extraordinary 90 Berlin cats! [laughs]", step_s=0.5)
    base = CaptionStyle(name="base", lines=LineRules(max_words=9, max_chars=18, max_lines=4))
    changed = base.model_copy(update=change)
    size = (540, 960)
    first, second = (CaptionPainter(words, style, size, 6.0) for style in (base, changed))
    differs = first.strip != second.strip or any(
        first.paint(at_s) != second.paint(at_s) for at_s in (0.65, 1.15, 3.7)
    )
    assert differs


def covered(painter: CaptionPainter, clip_s: float) -> bytes:
    """The picture in the whole frame, so that strips of different heights compare."""
    width, height = painter.frame_size_px
    frame = np.zeros((height, width, 4), np.uint8)
    strip = painter.strip
    frame[strip.y_px : strip.y_px + strip.height_px] = bgra(painter.paint(clip_s))
    return frame.tobytes()


TRANSITIONS: dict[str, ActiveLook] = {
    "grow": ActiveLook(box=Box(), transition_s=0.2, box_motion="grow"),
    "slide": ActiveLook(box=Box(), transition_s=0.2, box_motion="slide"),
    "unroll": ActiveLook(box=Box(), transition_s=0.2, box_motion="unroll"),
    "tilt": ActiveLook(box=Box(), transition_s=0.2, box_motion="tilt"),
    "fade": ActiveLook(box=Box(), transition_s=0.2),
    "stretch": ActiveLook(stretch=1.3, transition_s=0.2),
    "linear": ActiveLook(box=Box(), transition_s=0.2, easing="linear"),
    "overshoot": ActiveLook(scale=1.2, transition_s=0.2, easing="overshoot"),
    "underline": ActiveLook(underline=Underline(), transition_s=0.2),
    "colour": ActiveLook(fill=Fill(colors=("#FF0000",)), transition_s=0.2),
}


@pytest.mark.parametrize("active", TRANSITIONS.values(), ids=TRANSITIONS.keys())
def test_every_transition_of_the_active_word_is_painted(active: ActiveLook) -> None:
    """Between 0.8 s and 1.0 s the second word becomes active."""
    words = spoken("one two three four")
    smooth = PLAIN.model_copy(update={"active": active})
    sudden = PLAIN.model_copy(update={"active": active.model_copy(update={"transition_s": 0.0})})
    moving, still = (CaptionPainter(words, style, PORTRAIT, 4.0) for style in (smooth, sudden))
    assert covered(moving, 0.86) != covered(still, 0.86)
    assert covered(moving, 0.86) != covered(moving, 0.92)
    assert covered(moving, 1.15) == covered(still, 1.15)


def test_kinds_of_box_motion_and_easing_differ() -> None:
    words = spoken("one two three four")
    pictures = {
        covered(
            CaptionPainter(words, PLAIN.model_copy(update={"active": active}), PORTRAIT, 4.0), 0.86
        )
        for active in TRANSITIONS.values()
    }
    assert len(pictures) == len(TRANSITIONS)


def test_the_active_look_lingers_as_long_as_the_style_says() -> None:
    words = (Word(0.5, 1.0, "one"), Word(3.0, 3.5, "two"))
    lines = LineRules(max_words=4, pause_s=5)
    for linger_s in (0.0, 0.6):
        active = ActiveLook(fill=Fill(colors=("#00FF00",)), linger_s=linger_s)
        style = PLAIN.model_copy(update={"active": active, "lines": lines})
        painter = CaptionPainter(words, style, PORTRAIT, 6.0)
        assert (green_columns(painter, 1.5).size > 0) == (linger_s > 0.5)
        assert green_columns(painter, 2.0).size == 0


KINDS = ["fade", "pop", "rise", "drop", "slide", "bounce", "wipe", "reveal"]
KINDS += ["typewriter", "snap", "glitch"]


@pytest.mark.parametrize("scope", ["block", "line", "word"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_entrance_and_exit_moves_and_ends_at_rest(kind: str, scope: str) -> None:
    motion = Motion.model_validate({"kind": kind, "scope": scope, "duration_s": 0.4})
    words = spoken("one two three four")
    still = CaptionPainter(words, PLAIN, PORTRAIT, 6.0)
    coming = CaptionPainter(words, PLAIN.model_copy(update={"entrance": motion}), PORTRAIT, 6.0)
    going = CaptionPainter(words, PLAIN.model_copy(update={"exit": motion}), PORTRAIT, 6.0)
    end_s = still.track.captions[0].end_s
    assert coming.key_at(0.5) != coming.key_at(0.56)
    assert going.key_at(end_s - 0.1) != going.key_at(end_s - 0.15)
    assert covered(coming, 1.4) == covered(still, 1.4) == covered(going, 1.4)
    assert covered(coming, 0.55) != covered(still, 0.55)
    assert covered(going, end_s - 0.1) != covered(still, end_s - 0.1)
