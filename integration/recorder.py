"""Records what the service would be told: messages of its topics, states of its entities."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty

from config.load import Configuration
from config.settings import Settings
from integration.clock import Clock
from integration.household import Household
from integration.inbox import Inbox, StateSeen
from integration.listening import hear
from integration.recording import RecordedState, message_line, state_line
from integration.rulebooks import load_books


def record_lines(
    configuration: Configuration, settings: Settings, clock: Clock, *, seconds: float | None
) -> Iterator[str]:
    """Lines for ``replay``, in the order of arrival. Raises PeerError when there is no broker."""
    household = Household(configuration, load_books(configuration))
    home, inbox = configuration.home, Inbox()
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    watcher = None
    if home.home_assistant is not None and settings.ha_token is not None:
        from integration.home_assistant import StateWatcher, quiet_library_logs  # noqa: PLC0415 (slow to import)

        quiet_library_logs()
        token = settings.ha_token.get_secret_value()
        watcher = StateWatcher(home.home_assistant, token, household.entities, inbox, clock)
        watcher.start()
    try:
        for heard in hear(home.mqtt, password, household.filters, clock, seconds=seconds):
            yield from _states(inbox)
            if heard is not None:
                yield message_line(heard.message, heard.at)
    finally:
        if watcher is not None:
            watcher.stop()


def _states(inbox: Inbox) -> Iterator[str]:
    while True:
        try:
            item = inbox.get_nowait()
        except Empty:
            return
        if isinstance(item, StateSeen):
            yield state_line(RecordedState(item.entity, item.state, item.attributes, item.by_person), item.at)
