"""A journal in memory: for what is only tried, and for a replay. It begins empty, or as a copy of one on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from integration.store.journal import JournalStore
from integration.store.journal_schema import MIGRATIONS
from integration.store.opening import reading, told
from integration.store.schema import migrate


class MemoryJournal(JournalStore):
    """As ``JournalStore``, and gone with the process. Nothing is written to ``folder``."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder or Path())
        self._copies = folder is not None

    def open(self) -> MemoryJournal:
        """Begin. Raises StoreError where the journal in the folder cannot be read."""
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection = memory
        try:
            if self._copies and self.path.exists():
                with closing(reading(self.path)) as source:
                    source.backup(memory)
            migrate(memory, MIGRATIONS)
        except sqlite3.Error as error:
            self.close()
            raise told(self.path, "cannot be read", error) from error
        return self
