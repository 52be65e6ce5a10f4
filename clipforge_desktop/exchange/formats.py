"""The four kinds of file that editors open, and which clips go into which of them."""

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Literal, get_args

from clipforge_desktop.exchange.edl import edl
from clipforge_desktop.exchange.fcpxml import fcpxml
from clipforge_desktop.exchange.otio import otio_json
from clipforge_desktop.exchange.premiere import premiere_xml
from clipforge_desktop.exchange.sequence import Sequence

ExchangeFormat = Literal["otio", "fcpxml", "premiere", "edl"]
FORMATS: tuple[ExchangeFormat, ...] = get_args(ExchangeFormat)
ENDINGS: dict[ExchangeFormat, str] = {
    "otio": ".otio", "fcpxml": ".fcpxml", "premiere": ".xml", "edl": ".edl"
}  # fmt: skip
_ALONE: dict[ExchangeFormat, Callable[[Sequence], str]] = {"otio": otio_json, "edl": edl}


@dataclass(frozen=True)
class Document:
    """A file to be written. `stem` is its name without ending; `clips` count what is in it."""

    stem: str
    ending: str
    text: str
    clips: int


def documents(
    kind: ExchangeFormat, project: str, stem: str, sequences: Many[Sequence]
) -> tuple[Document, ...]:
    """FCPXML and Premiere XML hold all clips in one file, OTIO and EDL one clip each.

    `stem` names a file of several clips; a file of one has the clip's own. Raises InputError
    `otio_missing`, `edl_too_long`.
    """
    ending = ENDINGS[kind]
    if kind in _ALONE:
        return tuple(Document(one.stem, ending, _ALONE[kind](one), 1) for one in sequences)
    write = fcpxml if kind == "fcpxml" else premiere_xml
    name = sequences[0].stem if len(sequences) == 1 else stem
    return (Document(name, ending, write(project, sequences), len(sequences)),)
