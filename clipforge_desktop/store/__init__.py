"""The only room that speaks SQL: one SQLite file, shared by the window and the workers.

`Store.open(home)` gives one connection for one thread; everything else hangs off it:
`store.jobs`, `store.library`, `store.results`, `store.health`. Several calls become one
transaction inside `with store.transaction():`.
"""

from clipforge_desktop.store.connection import Store

__all__ = ["Store"]
