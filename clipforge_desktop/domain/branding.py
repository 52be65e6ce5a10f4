"""What a creator's clips carry beside captions: a logo in a corner, a headline at the top.

Wishes, not places: where both stand follows from each output's size and platform, see
`captions.marks`. They travel inside an order and, with the headline's words and the logo's
content, in a recipe.
"""

from dataclasses import dataclass, replace
from typing import Literal

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
CORNERS: tuple[Corner, ...] = ("top-left", "top-right", "bottom-left", "bottom-right")

LEAST_SIZE, MOST_SIZE = 0.05, 0.40
LEAST_OPACITY = 0.05
SHORTEST_S, LONGEST_S = 0.5, 600.0
LONGEST_TEXT = 160
"""Letters of a headline: more could not be read, nor set in any frame."""


@dataclass(frozen=True)
class Logo:
    """The user's own picture file, over the whole clip.

    `size` is its longer side as a share of the frame's shorter one, `opacity` 0 to 1. `key` is its
    content, known once the file was read: "" in an order.
    """

    path: str
    corner: Corner = "top-right"
    size: float = 0.16
    opacity: float = 1.0
    key: str = ""


@dataclass(frozen=True)
class Headline:
    """A short text at the top. `text` "" is the clip's own title, `for_s` None the whole clip."""

    text: str = ""
    for_s: float | None = None


@dataclass(frozen=True)
class Branding:
    """At least one of both; an export without either has no branding at all."""

    logo: Logo | None = None
    headline: Headline | None = None

    def of_clip(self, title: str, logo_key: str) -> "Branding | None":
        """As it is for one clip: the words of its headline, the content of its logo."""
        logo, headline = self.logo, self.headline
        if headline is not None:
            text = headline_text(headline.text or title)
            headline = replace(headline, text=text) if text else None
        return branding_of(replace(logo, key=logo_key) if logo is not None else None, headline)


def branding_of(logo: Logo | None, headline: Headline | None) -> Branding | None:
    """None where there is nothing to be drawn."""
    return None if logo is None and headline is None else Branding(logo, headline)


def headline_text(text: str) -> str:
    """In one line, and no longer than can be set: cut at a word, with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_TEXT:
        return line
    kept = line[: LONGEST_TEXT - 1]
    words = kept.rpartition(" ")[0]
    return (words if len(words) > LONGEST_TEXT // 2 else kept).rstrip(" ,;:") + "…"


def is_drawable(branding: Branding) -> bool:
    """Whether every number is one that can be drawn: a recipe may come from a stranger."""
    logo, headline = branding.logo, branding.headline
    if logo is not None and not (
        0 < len(logo.path) <= 4_000
        and LEAST_SIZE <= logo.size <= MOST_SIZE
        and LEAST_OPACITY <= logo.opacity <= 1
        and 0 < len(logo.key) <= 200
    ):
        return False
    if headline is None:
        return logo is not None
    is_short = 0 < len(headline.text) <= LONGEST_TEXT
    return is_short and (headline.for_s is None or SHORTEST_S <= headline.for_s <= LONGEST_S)
