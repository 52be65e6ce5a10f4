"""A clip's own copy of a style: opened, kept, compared with the shelf. Runs in the background.

`Copy` is what the store keeps. What is imported here is light; pydantic and the shelf load with
the first errand.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clipforge_desktop.store import Store
from clipforge_desktop.store.clip_styles import OwnStyle as Copy
from clipforge_desktop.ui import errands
from clipforge_desktop.ui.editor import corner

if TYPE_CHECKING:
    from clipforge_desktop.captions.own_styles import Saved
    from clipforge_desktop.domain.caption_style import CaptionStyle

__all__ = ["Copy"]


@dataclass(frozen=True)
class Opened:
    """What the editor starts with. `moved` says that the shelf's version is another now."""

    saved: "Saved"
    style: "CaptionStyle"
    taken: str
    copy: Copy | None
    moved: str
    is_on_shelf: bool


@dataclass(frozen=True)
class State:
    """A copy beside the shelf; `moved` is "" while the shelf has what it was taken from."""

    name: str
    is_edited: bool
    moved: str
    is_on_shelf: bool


def shelf_style(store: Store, name: str) -> "Saved":
    """The shelf's style of that name, or the usual one when there is none."""
    from clipforge_desktop.captions import own_styles
    from clipforge_desktop.captions.own_styles import Saved
    from clipforge_desktop.captions.shelf import DEFAULT_STYLE, load_style

    found = own_styles.saved_style(store.home, name)
    return found or Saved(DEFAULT_STYLE, load_style(DEFAULT_STYLE), is_own=False)


def open_style(store: Store, name: str, clip_id: int) -> Opened:
    """The clip's copy, or the shelf's style `name`; `clip_id` 0 is no clip.

    Raises InputError `style_invalid`.
    """
    from clipforge_desktop.captions.own_styles import Saved, mark_of, saved_style
    from clipforge_desktop.captions.shelf import parse_style

    copy = store.library.clip(clip_id).own_style if clip_id else None
    if copy is None:
        saved = shelf_style(store, name)
        return Opened(saved, saved.style, mark_of(saved.style), None, "", is_on_shelf=True)
    style = parse_style(copy.json.encode(), copy.shelf_name)
    on_shelf = saved_style(store.home, copy.shelf_name)
    saved = on_shelf or Saved(copy.shelf_name, style, is_own=False)
    state = state_of(store, copy)
    return Opened(saved, style, copy.shelf_fingerprint, copy, state.moved, state.is_on_shelf)


def copy_of(style: "CaptionStyle", saved: "Saved", taken: str, usual_name: str) -> Copy | None:
    """What to keep with the clip; None when it looks as the shelf's usual style does."""
    from clipforge_desktop.captions.own_styles import mark_of

    is_shelfs = style == saved.style and saved.name == usual_name
    if is_shelfs and taken == mark_of(saved.style):
        return None
    return Copy(style.model_dump_json(), saved.name, taken)


def know_shelf(store: Store, clip_id: int, copy: Copy) -> Copy:
    """Keep the copy and call the shelf's version of today known."""
    from clipforge_desktop.captions.own_styles import mark_of, saved_style

    saved = saved_style(store.home, copy.shelf_name)
    mark = mark_of(saved.style) if saved is not None else ""
    known = replace(copy, shelf_fingerprint=mark)
    errands.set_own_style(store, clip_id, known)
    return known


def state_of(store: Store, copy: Copy) -> State:
    """Whether the shelf has moved on since the copy was taken, and how the copy differs."""
    from clipforge_desktop.captions.own_styles import mark_of, saved_style
    from clipforge_desktop.captions.shelf import parse_style

    name = copy.shelf_name
    saved = saved_style(store.home, name)
    if saved is None:
        moved = corner.gone(name) if copy.shelf_fingerprint else ""
        return State(name, True, moved, is_on_shelf=False)
    is_edited = parse_style(copy.json.encode(), name) != saved.style
    has_moved = copy.shelf_fingerprint != mark_of(saved.style) and is_edited
    return State(name, is_edited, corner.moved_on(name) if has_moved else "", is_on_shelf=True)
