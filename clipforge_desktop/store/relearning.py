"""Exports that the journal lists become known to a restored database again.

Only files that still exist are taken up, and asking twice changes nothing.
"""

from pathlib import Path

from clipforge_desktop.domain.job import JobState
from clipforge_desktop.domain.pipeline import export_job
from clipforge_desktop.store.connection import Store
from clipforge_desktop.store.journal import JournalEntry, entries


def relearn_exports(store: Store) -> int:
    """Returns how many exports were taken up that the database did not know."""
    count = 0
    with store.transaction():
        for entry in entries(store.home):
            if all(Path(file.video).is_file() for file in entry.files):
                count += _relearn(store, entry)
    return count


def _relearn(store: Store, entry: JournalEntry) -> bool:
    library = store.library
    source_id = library.add_source(entry.path, entry.name, entry.size_bytes, entry.modified_ns)
    order_id = library.add_order(source_id, entry.order)
    clip_id = library.keep_clip(source_id, order_id, entry.rank, entry.found)
    new = export_job(
        source_id,
        Path(entry.name).stem,
        order_id,
        clip_id,
        entry.rank,
        entry.found.title,
        entry.task.options,
    )
    job_id = store.jobs.add(new)
    if store.jobs.get(job_id).state is JobState.DONE:
        return False
    store.jobs.mark_done(job_id)
    for file in entry.files:
        library.save_export(job_id, clip_id, file)
    return True
