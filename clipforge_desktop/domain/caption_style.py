"""How captions look: a versioned, validated JSON file that users write and share.

Every size is relative to the frame height, so one style holds at any resolution and aspect.
"""

from pydantic import BaseModel, ConfigDict


class CaptionStyle(BaseModel):
    """One caption style file, version 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    version: int = 1
    name: str
