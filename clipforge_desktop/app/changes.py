"""What changed since last asked: the one way in which a desk learns of anything.

`PRAGMA data_version` costs some tens of microseconds, so polling four times a second is
free; only when it moved are the rows read that changed since the last look.
"""

from dataclasses import dataclass

from clipforge_desktop.domain.job import Job
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, Export, Source

POLL_INTERVAL_S = 0.2


@dataclass(frozen=True)
class ChangeSet:
    """Rows as they are now. `messages` are (kind, payload), each seen once."""

    sources: tuple[Source, ...] = ()
    jobs: tuple[Job, ...] = ()
    clips: tuple[Clip, ...] = ()
    exports: tuple[Export, ...] = ()
    messages: tuple[tuple[str, str], ...] = ()


class Changes:
    """Reads changes on a connection of its own; use it from the thread that made it."""

    def __init__(self, home: Home, since: int = 0) -> None:
        self._store = Store.open(home)
        self._since = since
        self._data_version = -1
        self._message_id = self._store.library.last_message_id()

    def poll(self) -> ChangeSet | None:
        """What changed since the last call, or None; the first call gives everything."""
        version = self._store.data_version()
        if version == self._data_version:
            return None
        with self._store.snapshot():
            last = self._store.last_change()
            library = self._store.library
            messages = library.messages_after(self._message_id)
            changes = ChangeSet(
                sources=tuple(library.sources_changed_since(self._since)),
                jobs=tuple(self._store.jobs.changed_since(self._since)),
                clips=tuple(library.clips_changed_since(self._since)),
                exports=tuple(library.exports_changed_since(self._since)),
                messages=tuple((kind, payload) for _, kind, payload in messages),
            )
        self._data_version = version
        self._since = last
        if messages:
            self._message_id = messages[-1][0]
        return None if changes == ChangeSet() else changes

    def close(self) -> None:
        self._store.close()
