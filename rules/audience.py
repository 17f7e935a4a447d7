"""Who would hear what is spoken now: nobody, the person, or others too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from devices.control.delivery import Moment
from rules.world import World, evening_hours, is_away

TURNED_DOWN = timedelta(hours=1)
"""So long before bedtime speakers are turned down to how loud they are at night."""


def moment_of(  # noqa: PLR0913
    world: World,
    now: datetime,
    quiet_until: datetime | None,
    mint: Callable[[], str],
    *,
    peer_up: bool,
    reserved: int = 0,
) -> Moment:
    """Now, as the prompt desk sees it."""
    hours = evening_hours(world.profile, world.words)
    lights_out = hours.look(now)[0]

    def heard_in(name: str) -> bool:
        """Not where a sensor says that nobody is. A room that is not known, or not watched, may be heard in."""
        room = world.rooms.get(name)
        if room is None or room.presence is None or not room.presence.fresh or room.presence.value:
            return True
        return room.in_bed(now) is True

    def asleep_in(name: str) -> bool:
        return lights_out and name in world.rooms and world.rooms[name].in_bed(now) is True

    return Moment(
        now,
        quiet_until,
        mint,
        peer_up,
        reserved=reserved,
        away=is_away(world),
        at_night=lights_out or hours.look(now + TURNED_DOWN)[0],
        heard_in=heard_in,
        asleep_in=asleep_in,
        private_in=lambda name: name in world.rooms and world.rooms[name].private,
    )


def is_known(world: World, name: str, *, value: bool) -> bool:
    """Whether a yes-or-no fact is there, counts, and is ``value``."""
    return name in world.facts and world.facts[name].fresh and world.facts[name].value is value
