"""What is kept on disk: events, decisions, actions on their way, the engines' snapshot. SQLite, one writer."""

from integration.store.keeper import Keeper
from integration.store.store import FILE, DamagedError, Store, StoreError

__all__ = ["FILE", "DamagedError", "Keeper", "Store", "StoreError"]
