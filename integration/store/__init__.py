"""What is kept on disk: events, decisions, actions on their way, the engines' snapshot; and the journal. SQLite."""

from integration.store.journal import JOURNAL, JournalStore
from integration.store.keeper import Keeper
from integration.store.opening import DamagedError, StoreError
from integration.store.store import FILE, Store

__all__ = ["FILE", "JOURNAL", "DamagedError", "JournalStore", "Keeper", "Store", "StoreError"]
