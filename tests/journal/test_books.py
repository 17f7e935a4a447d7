"""The store and the book in memory are held to the same contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from integration.store import JournalStore
from journal.book import Book
from journal.entry import Change
from journal.outcome import Flag
from tests.journal.book_contract import BookContract
from tests.journal.memory_book import MemoryBook


class TestMemoryBook(BookContract):
    """The one of the decisions' tests."""

    @pytest.fixture
    def book(self) -> MemoryBook:
        """See ``BookContract``."""
        return MemoryBook()

    @pytest.fixture
    def put(self, book: MemoryBook) -> Callable[[Iterable[Change]], None]:
        """See ``BookContract``."""
        return book.write

    @pytest.fixture
    def show(self, book: MemoryBook) -> Callable[[str, Iterable[Flag], datetime], None]:
        """See ``BookContract``."""
        return book.show


class TestJournalStore(BookContract):
    """The one on disk; every read is made by another connection, as by another process."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[JournalStore]:
        """The writer."""
        store = JournalStore(tmp_path).open()
        yield store
        store.close()

    @pytest.fixture
    def book(self, store: JournalStore) -> Iterator[Book]:
        """See ``BookContract``."""
        reader = JournalStore(store.path.parent, read_only=True).open()
        yield reader
        reader.close()

    @pytest.fixture
    def put(self, store: JournalStore) -> Callable[[Iterable[Change]], object]:
        """See ``BookContract``."""
        return store.apply

    @pytest.fixture
    def show(self, store: JournalStore) -> Callable[[str, list[Flag], datetime], None]:
        """See ``BookContract``."""
        return store.add_flags
