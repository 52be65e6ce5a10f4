"""After a crash, a power cut, a sleep or an update: the one path back to work.

Runs at every start of a worker, with its queue's lock held: whatever the table says is
running belongs to a worker that is dead.
"""

import logging

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.jobs.cleaning import (
    remove_cache_parts,
    remove_export_parts,
    remove_scratch,
    unfinished_exports,
)
from clipforge_desktop.store import Store

logger = logging.getLogger(__name__)


def recover(store: Store, queue: Queue) -> None:
    """End orphans, remove half-written files, and queue (or set aside) the dead one's jobs."""
    remove_scratch(store.home, queue)
    if queue is Queue.EXPORT:
        remove_export_parts([*unfinished_exports(store), *store.jobs.running(queue)])
    for job in store.jobs.release_dead(queue):
        logger.warning("job %s lost its worker and is %s now", job.id, job.state)
    remove_cache_parts(store)
