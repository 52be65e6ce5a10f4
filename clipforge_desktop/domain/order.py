"""An order is what the user asked for a source: which clips, how framed, captioned, exported.

Requests and results are the values that stages take and give. They travel through the
database as JSON (`wire.encode`, `wire.decode`), so everything here is a frozen dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.cuts import Pace
from clipforge_desktop.domain.delivery import ANYWHERE, Delivery, MusicBed
from clipforge_desktop.domain.framing import FramingOverride, FramingStudy
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.domain.wire import decode, encode, fingerprint

if TYPE_CHECKING:
    from clipforge_desktop.domain.caption_style import CaptionStyle
    from clipforge_desktop.domain.recipe import Recipe

__all__ = ["decode", "encode", "fingerprint"]

Speech = Literal["auto", "whisper", "draft", "none"]
STUDIED_ASPECTS = ("9:16", "1:1", "4:5", "16:9")
NAME_TEMPLATE = "{source}-{index}-{title}-{aspect}"
Framing = Literal["auto", "fill", "fit", "split", "screen", "wide"]
Encoder = Literal["software", "hardware"]


@dataclass(frozen=True)
class SpeechOptions:
    """How words are found. `model` is a name, a folder, or "" for the best installed one.

    `transcript` is the path of a subtitle or Whisper JSON file to use instead, "" for none.
    """

    speech: Speech = "auto"
    model: str = ""
    language: str = "auto"
    transcript: str = ""


@dataclass(frozen=True)
class FindingOptions:
    """`count` None means the usual shelf: the best 6 to 12 an hour."""

    count: int | None = None
    min_s: float = 15.0
    max_s: float = 60.0
    judge_url: str = ""  # OpenAI-compatible server on loopback, "" for none
    judge_model: str = ""


@dataclass(frozen=True)
class ExportOptions:
    """What every exported clip of an order looks like. `style` None means no captions.

    `aspects` may be empty: every delivery then has its own shape.
    Every clip becomes one file for each of `aspects` x (`style`, `further_styles`) x `deliveries`,
    all by one job. `overrides` are single shots that the user framed otherwise, for a clip
    exported by itself. `pace` shortens pauses and `cut_fillers` takes fillers out, beside what
    was cut by hand. `name_template` names the files, see `domain.naming`.
    """

    out_dir: str
    aspects: tuple[str, ...] = ("9:16",)
    framing: Framing = "auto"
    style: CaptionStyle | None = None
    quality: Literal["draft", "standard", "best"] = "standard"
    overrides: tuple[FramingOverride, ...] = ()
    pace: Pace = "spoken"
    cut_fillers: bool = False
    further_styles: tuple[CaptionStyle, ...] = ()
    deliveries: tuple[Delivery, ...] = (ANYWHERE,)
    name_template: str = NAME_TEMPLATE
    encoder: Encoder = "software"
    reduce_noise: bool = False
    music: MusicBed | None = None
    branding: Branding | None = None


@dataclass(frozen=True)
class Order:
    """`export` None: find clips only, the user picks later.

    `is_previewed` has the framing of every clip on the shelf studied ahead of any export. With a
    `recipe` nothing is looked for: its file is rendered again, as `recipe_name` and an ending.
    """

    speech: SpeechOptions = SpeechOptions()
    finding: FindingOptions = FindingOptions()
    export: ExportOptions | None = None
    is_offline: bool = False
    is_previewed: bool = False
    recipe: Recipe | None = None
    recipe_name: str = ""


@dataclass(frozen=True)
class ImportRequest:
    path: str


@dataclass(frozen=True)
class ImportResult:
    media: SourceMedia


@dataclass(frozen=True)
class TranscribeRequest:
    path: str
    media: SourceMedia
    options: SpeechOptions
    is_offline: bool = False


@dataclass(frozen=True)
class TranscribeResult:
    transcript: Transcript


@dataclass(frozen=True)
class FindRequest:
    path: str
    media: SourceMedia
    transcript: Transcript
    options: FindingOptions


@dataclass(frozen=True)
class FindResult:
    """Best first. `notices` says in plain words what the list could not draw on."""

    clips: tuple[FoundClip, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportRequest:
    """One clip, every output of it.

    `names` are the files' names without ending, in the order of `domain.outputs.outputs`; empty
    for an export asked for before there were templates, which has its `stem` without aspect.
    A `recipe` goes before everything else but the path and the folder.
    """

    path: str
    media: SourceMedia
    transcript: Transcript
    pieces: tuple[Piece, ...]
    title: str
    stem: str
    options: ExportOptions
    names: tuple[str, ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True)
class FramingRequest:
    """Study how one clip can be framed, in every shape of `aspects`, ahead of any export.

    `is_matted`: people are told from the background too, for captions that stand behind them.
    """

    path: str
    media: SourceMedia
    pieces: tuple[Piece, ...]
    aspects: tuple[str, ...] = STUDIED_ASPECTS
    is_matted: bool = False


@dataclass(frozen=True)
class FramingResult:
    """One study per aspect; none for a source without a picture."""

    studies: tuple[FramingStudy, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportedFile:
    """Absolute paths of what one output became. `style` and `platform` are names, "" for none."""

    aspect: str
    video: str
    subtitles: str | None
    recipe: str
    size_bytes: int
    duration_s: float
    integrated_lufs: float | None
    style: str = ""
    platform: str = ""


@dataclass(frozen=True)
class ExportResult:
    files: tuple[ExportedFile, ...]
    notices: tuple[str, ...] = ()
