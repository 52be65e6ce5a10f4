"""Which captions a clip is exported with: its own copy of a style, or the one asked for."""

from dataclasses import replace

from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.store.library import Clip


def with_own_style(clip: Clip, options: ExportOptions) -> ExportOptions:
    """The options as they count for this clip.

    Raises InputError `style_invalid` when its own style cannot be read any more.
    """
    if clip.own_style is None or options.style is None:
        return options
    from clipforge_desktop.captions.shelf import parse_style  # pydantic would slow every start

    return replace(options, style=parse_style(clip.own_style.json.encode(), clip.found.title))
