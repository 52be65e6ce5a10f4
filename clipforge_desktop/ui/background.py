"""The one idiom for work that takes time: run it with a Store, get the result on the GUI thread.

Two threads, each with its own connection: "writes" does wishes in the order they were made,
"reads" answers questions. A task with a key replaces a waiting one with the same key, so that
typing does not queue up searches.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal

from clipforge_desktop.domain.errors import ClipForgeError, Failure
from clipforge_desktop.paths import Home

if TYPE_CHECKING:
    from clipforge_desktop.store import Store

logger = logging.getLogger(__name__)
LaneName = Literal["reads", "writes"]
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Task:
    number: int
    work: Callable[["Store"], Any]  # its result goes to `done` and nowhere else
    done: Callable[[Any], None] | None
    failed: Callable[[Failure], None] | None
    key: str


class Background(QObject):
    """Runs functions off the GUI thread. `failed` tells of failures nobody else takes."""

    failed = Signal(object)
    _delivered = Signal(object)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._number = 0
        self._newest: dict[str, int] = {}
        self._is_stopped = False
        self._lanes: dict[LaneName, _Lane] = {}
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        work: Callable[["Store"], Result],
        done: Callable[[Result], None],
        *,
        failed: Callable[[Failure], None] | None = None,
        key: str = "",
    ) -> None:
        self._put("reads", work, done, failed, key)

    def write(
        self,
        work: Callable[["Store"], Result],
        done: Callable[[Result], None] | None = None,
        *,
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        self._put("writes", work, done, failed, "")

    def stop(self) -> None:
        """Finish what was asked for, then end both threads; nothing is delivered any more."""
        self._is_stopped = True
        for lane in self._lanes.values():
            lane.tasks.put(None)
        for lane in self._lanes.values():
            lane.wait()

    def is_newest(self, task: _Task) -> bool:
        return not task.key or self._newest.get(task.key) == task.number

    def _put(
        self,
        name: LaneName,
        work: Callable[["Store"], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Failure], None] | None,
        key: str,
    ) -> None:
        if self._is_stopped:
            return
        self._number += 1
        if key:
            self._newest[key] = self._number
        if name not in self._lanes:
            self._lanes[name] = _Lane(self._home, self)
            self._lanes[name].start()
        self._lanes[name].tasks.put(_Task(self._number, work, done, failed, key))

    def deliver(self, callback: Callable[[], None]) -> None:
        """Called on a lane's thread; `callback` runs on ours."""
        self._delivered.emit(callback)

    def _call(self, callback: Callable[[], None]) -> None:
        if not self._is_stopped:
            callback()


class _Lane(QThread):
    """One thread, one connection, one task after another."""

    def __init__(self, home: Home, background: Background) -> None:
        super().__init__(background)
        self.tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._home = home
        self._background = background
        self._store: Store | None = None

    def run(self) -> None:
        while (task := self.tasks.get()) is not None:
            if self._background.is_newest(task):
                self._do(task)
        if self._store is not None:
            self._store.close()

    def _do(self, task: _Task) -> None:
        failed = task.failed or self._background.failed.emit
        try:
            if self._store is None:
                from clipforge_desktop.store import Store  # its first use, on this thread

                self._store = Store.open(self._home)
            result = task.work(self._store)
        except ClipForgeError as error:
            failure = error.failure
            self._background.deliver(lambda: failed(failure))
        except Exception as error:  # the edge of this thread: the next task must still be done
            logger.exception("a task of the window failed")
            failure = Failure(
                "not_done",
                f"That could not be done: {error}.",
                "Try it again; if it happens again, start ClipForge again.",
            )
            self._background.deliver(lambda: failed(failure))
        else:
            self._background.deliver(lambda: self._finish(task, result))

    def _finish(self, task: _Task, result: Any) -> None:
        if task.done is not None and self._background.is_newest(task):
            task.done(result)
