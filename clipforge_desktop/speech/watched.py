"""Runs a library call that can't be interrupted so that a cancel is obeyed at once.

The call works in a thread of its own while the caller keeps asking `check`. At a cancel the
thread is told to stop, left behind, and its result is dropped.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TypeVar

_POLL_S = 0.05

_Result = TypeVar("_Result")


def run_watched(
    work: Callable[[Callable[[], bool]], _Result], check: Callable[[], None]
) -> _Result:
    """The result of `work(stop)`; raises what `work` or `check` raise.

    `work` gets a function that turns true once nobody waits for it any more.
    """
    stop = threading.Event()
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(work(stop.is_set))
        except BaseException as error:  # noqa: BLE001 - handed to the waiting caller, whatever it is
            future.set_exception(error)

    threading.Thread(target=run, name="recogniser", daemon=True).start()
    try:
        while True:
            try:
                return future.result(timeout=_POLL_S)
            except FutureTimeoutError:
                if future.done():
                    raise
            check()
    finally:
        stop.set()
