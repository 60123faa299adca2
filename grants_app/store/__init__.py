"""How records are kept: one door for changes, their history, lists, search, files and their safety.

To read, `store.reading()`; to write, `store.change("What the officer did")`. What only SQLite can do stands here, in
functions of its own, ready for a second back end.
"""

from grants_app.store.store import Store
from grants_app.store.trail import Change, Changes

__all__ = ["Change", "Changes", "Store"]
