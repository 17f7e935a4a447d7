"""What the journal's commands share: whose, which days, and the journal itself, open for reading or for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from integration.cli.options import settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from config.load import Configuration
    from config.profile import Profile
    from config.settings import Settings
    from integration.store.journal import JournalStore
    from journal.entry import Entry

PersonOption = Annotated[str | None, typer.Option(help="Whose: the name of the file in profiles/.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="WHEN", help='From when: 2026-11-20, "yesterday", or a time span like 14d.')
]
UntilOption = Annotated[str | None, typer.Option(metavar="WHEN", help="Until when; a day counts as a whole.")]
DaysOption = Annotated[int | None, typer.Option(min=1, max=36_600, help="The last so many days, today included.")]
_WHEN = 'write a day like 2026-11-20 or "yesterday", a time like 2026-11-20T15:00, or a time span like 14d'
NOTHING_YET = (
    "there is no journal yet. The first words make it: "
    'unclench journal add "left calf spasm, seven". If you have one elsewhere, set UNCLENCH_DATA to its folder.'
)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a command works: this machine's settings and the people in it."""

    settings: Settings
    configuration: Configuration | None
    """None where there is none, or one with mistakes: a journal can be read and saved all the same."""
    now: datetime

    @property
    def profiles(self) -> dict[str, Profile]:
        """By person."""
        return dict(self.configuration.profiles) if self.configuration else {}

    def zone(self, person: str | None = None) -> ZoneInfo:
        """Of a person; of the first where it is about several."""
        known = self.profiles
        profile = known.get(person) if person else next(iter(known.values()), None)
        return ZoneInfo(profile.time_zone if profile else "UTC")

    def people(self, person: str | None, journal: JournalStore) -> list[str]:
        """Everybody who is meant: of the configuration and of the journal. Nobody who is unknown to both."""
        known = sorted({*self.profiles, *journal.persons()})
        if person is None:
            return known
        if person not in known:
            message = f"there is nobody of this name; there is: {', '.join(known) or 'nobody yet'}"
            raise typer.BadParameter(message, param_hint="--person")
        return [person]

    def whose(self, person: str | None) -> str:
        """The one person who is meant."""
        known = sorted(self.profiles)
        if person is not None and person not in known:
            message = f"there is no profile of this name; there is: {', '.join(known)}"
            raise typer.BadParameter(message, param_hint="--person")
        if person is None and len(known) > 1:
            message = f"say whose: {' or '.join(known)}"
            raise typer.BadParameter(message, param_hint="--person")
        return person or known[0]


def desk_for(ctx: typer.Context, config: Path | None, *, must: bool = False) -> Desk:
    """The settings and, if it can be read, the configuration. ``must``: raises ConfigError where it cannot."""
    from config.errors import ConfigError
    from config.load import load
    from integration.clock import SystemClock

    settings = settings_for(ctx, config)
    configuration = None
    try:
        configuration = load(settings.config)
    except ConfigError:
        if must:
            raise
        typer.echo("Your configuration cannot be read (see: unclench check), so times are shown in UTC.", err=True)
    return Desk(settings=settings, configuration=configuration, now=SystemClock().now())


@contextmanager
def journal_to_read(desk: Desk) -> Iterator[JournalStore]:
    """The journal as it is, also while the service runs. Nothing is made or changed. Raises StoreError."""
    from integration.store.journal import JOURNAL, JournalStore
    from integration.store.opening import StoreError

    path = desk.settings.data / JOURNAL
    if not path.exists():
        raise StoreError(path, NOTHING_YET)
    journal = JournalStore(desk.settings.data, read_only=True).open()
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def journal_to_write(desk: Desk) -> Iterator[JournalStore]:
    """The journal to write in, also beside the service: SQLite lets one wait for the other. Raises StoreError."""
    from integration.private import keep_to_ourselves
    from integration.store.journal import JournalStore

    keep_to_ourselves(desk.settings.data)
    journal = JournalStore(desk.settings.data).open()
    try:
        yield journal
    finally:
        journal.close()


def span_of(  # noqa: PLR0913 (what a span is said with)
    since: str | None, until: str | None, days: int | None, zone: ZoneInfo, now: datetime, *, usual: int | None
) -> tuple[datetime, datetime]:
    """From when until when, as asked for; ``usual`` days back where nothing is said (None: everything)."""
    if days is not None and since is not None:
        message = "say only one of --days and --since"
        raise typer.BadParameter(message)
    end = instant(until, zone, now, end=True, hint="--until") if until else NEVER
    if since:
        start = instant(since, zone, now, end=False, hint="--since")
    elif (days := days or usual) is None:
        start = EVER
    else:
        last = min(end, now).astimezone(zone).date()
        start = _midnight(last - timedelta(days=days - 1), zone)
    if start >= end:
        message = "this span ends before it begins"
        raise typer.BadParameter(message, param_hint="--until")
    return start, end


def instant(text: str, zone: ZoneInfo, now: datetime, *, end: bool, hint: str) -> datetime:
    """A day (its beginning, or with ``end`` the next one's), a time, or a time span back from now."""
    from config.types import parse_duration

    words = text.strip().lower()
    today = now.astimezone(zone).date()
    named = {"today": today, "yesterday": today - timedelta(days=1), "now": None}
    try:
        if words in named:
            day = named[words]
            return now if day is None else _midnight(day + timedelta(days=end), zone)
        if len(words) == len("2026-11-20"):
            return _midnight(date.fromisoformat(words) + timedelta(days=end), zone)
        if words[:4].isdigit() and "-" in words:
            return aware(datetime.fromisoformat(text.strip()), zone)
        return now - parse_duration(words)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(_WHEN, param_hint=hint) from error


def aware(at: datetime, zone: ZoneInfo) -> datetime:
    """In UTC; a time without an offset is the person's own."""
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def found_by(journal: JournalStore, people: list[str], wanted: str) -> Entry:
    """The entry of an id, of its short form in lists, or "last". Raises BadParameter."""
    from integration.cli.journal_words import handle

    entry = journal.get(wanted)
    if entry is not None and entry.person in people:
        return entry
    if wanted == "last":
        latest = [each for person in people for each in journal.logged_last(person)]
        if latest:
            return max(latest, key=lambda each: each.logged_at)
    fits = [
        each
        for person in people
        for each in journal.everything(person, deleted=True)
        if handle(each.id) == wanted.strip().lower()
    ]
    if len(fits) == 1:
        return fits[0]
    message = "there is no entry of this id. See the ids with: unclench journal list"
    raise typer.BadParameter(message, param_hint="ID")
