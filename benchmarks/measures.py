"""Each figure of the table. Rounds of the two sides take turns, so that a busy machine is busy for both."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time, sleep

from benchmarks import firehose
from benchmarks.peers import (
    COLD_C,
    HOT_C,
    TOKEN,
    Player,
    bare,
    broker,
    cpu_s,
    reading,
    resident_mb,
    start_unclench,
    unclench,
)
from benchmarks.table import Row, latency_rows, percentile
from config.load import load
from devices.events import DeviceReported, Event, PeerChanged, RoomMeasured
from devices.readings import Kind
from integration.demo.stand_in_ha import Fan, StandInHomeAssistant
from integration.rulebooks import load_books
from rules.engine import Engine
from tests.integration.many_rooms import BEDROOM, LAST, room_names, write_home
from tests.peers.processes import end

PAUSE_S = (0.002, 0.008)
"""Between two readings; random, so that nothing beats in time with a scheduler."""
ACTING_EVERY = 20
"""5 % of the readings cross the limit."""
WARM_UP = 40


def latency(folder: Path, rounds: int, readings: int, *, qos: int) -> list[Row]:
    """From a reading to the command on the fan's own topic."""
    with broker(folder / "broker") as port:
        write_home(folder / "ours", port=port, prefix="ours", rooms=1)
        with unclench(folder / "ours"), bare(folder / "bare", port, "bare"):
            sides = {name: Player(port, name, qos) for name in ("bare", "ours")}
            found = _take_turns(sides, rounds, readings)
    aims = {"p50": "1.3x", "p99": "1.5x"}
    return latency_rows(f"reading to command over MQTT, QoS {qos}", found["bare"], found["ours"], aims)


def latency_home_assistant(folder: Path, rounds: int, readings: int) -> list[Row]:
    """From a reading to the service call that a Home Assistant gets (the stand-in of the tests)."""
    sides: dict[str, Player] = {}

    def arrived(name: str, _domain: str, service: str, _data: Mapping[str, object]) -> bool:
        sides[name].told(BEDROOM, "ON" if service == "turn_on" else "OFF")
        return False

    with broker(folder / "broker") as port, _stand_in("ours", arrived) as ours, _stand_in("bare", arrived) as other:
        write_home(folder / "ours", port=port, prefix="ours", rooms=1, url=ours.url)
        with unclench(folder / "ours"), bare(folder / "bare", port, "bare", other.url, TOKEN):
            sides |= {name: Player(port, name) for name in ("bare", "ours")}
            sleep(2)  # the states of the devices are read
            found = _take_turns(sides, rounds, readings)
    return latency_rows("reading to service call, Home Assistant's API", found["bare"], found["ours"], {})


@contextmanager
def _stand_in(
    name: str, arrived: Callable[[str, str, str, Mapping[str, object]], bool]
) -> Iterator[StandInHomeAssistant]:
    with StandInHomeAssistant(token=TOKEN) as home:
        home.add(Fan(entity_id=f"fan.{BEDROOM}", name="Fan"))
        home.on_service(partial(arrived, name))
        yield home


def _take_turns(sides: dict[str, Player], rounds: int, readings: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in sides}
    pauses = random.Random(1)
    for turn in range(rounds + 1):
        for name, player in sides.items():
            for number in range(readings if turn else WARM_UP):
                hot = number % 2 == 0
                took = player.reaction(BEDROOM, HOT_C if hot else COLD_C, "ON" if hot else "OFF")
                if turn:
                    found[name].append(took)
                sleep(pauses.uniform(*PAUSE_S))
    for player in sides.values():
        player.close()
    return found


def throughput(folder: Path, rounds: int, readings: int, *, rooms: int) -> list[Row]:
    """Readings a second, 5 % of them acting, and the seconds of computing that they cost."""
    with broker(folder / "broker") as port:
        write_home(folder / "ours", port=port, prefix="ours", rooms=rooms)
        with unclench(folder / "ours") as ours, bare(folder / "bare", port, "bare") as other:
            sides = {"bare": (Player(port, "bare"), other.pid), "ours": (Player(port, "ours"), ours.pid)}
            sleep(1)
            rates: dict[str, list[float]] = {name: [] for name in sides}
            costs: dict[str, list[float]] = {name: [] for name in sides}
            for turn in range(rounds + 1):
                for name, (player, pid) in sides.items():
                    rate, cost = _flow(port, name, player, pid, room_names(rooms), readings)
                    if turn:
                        rates[name].append(rate)
                        costs[name].append(cost)
            for player, _ in sides.values():
                player.close()
    usual_rate = {name: percentile(values, 0.5) for name, values in rates.items()}
    usual_cost = {name: percentile(values, 0.5) for name, values in costs.items()}
    what = f"{rooms} room{'s' if rooms > 1 else ''}"
    return [
        Row(f"readings, {what}", "1/s", usual_rate["ours"], usual_rate["bare"], "0.6x"),
        Row(f"computing for 1,000 readings, {what}", "s", usual_cost["ours"], usual_cost["bare"]),
    ]


def _flow(port: int, prefix: str, player: Player, pid: int, rooms: list[str], readings: int) -> tuple[float, float]:
    """Readings a second until the last has led to its command, and computing seconds for 1,000 of them."""
    computed, began = cpu_s(pid), perf_counter()
    firehose.publish(port, _readings(prefix, rooms, readings))
    ended = player.wait_for(LAST, "ON", began, 120)
    spent = cpu_s(pid) - computed
    player.reaction(LAST, COLD_C, "OFF")
    return readings / (ended - began), spent / readings * 1000


def _readings(prefix: str, rooms: list[str], count: int) -> Iterator[tuple[str, bytes]]:
    """Every 20th crosses the limit, room by room; the very last one is another room's."""
    hot: set[str] = set()
    quiet = [reading(COLD_C + step / 10) for step in range(5)]
    warm = [reading(HOT_C + step / 10) for step in range(5)]
    for number in range(count - 1):
        turn, since = divmod(number, ACTING_EVERY)
        room = rooms[(turn if since == ACTING_EVERY - 1 else number) % len(rooms)]
        if since == ACTING_EVERY - 1:
            hot ^= {room}
        yield f"{prefix}/{room}/climate", (warm if room in hot else quiet)[number % 5]
    yield f"{prefix}/{LAST}/climate", warm[0]


def engine_steps(folder: Path, steps: int) -> list[Row]:
    """Steps a second of one engine in one thread, with the shipped rule book and nothing else."""
    rows = []
    for rooms in (1, 1000):
        home = folder / str(rooms)
        write_home(home, port=1, prefix="ours", rooms=rooms)
        (home / "rules" / "each.yaml").unlink()
        configuration = load(home)
        engine = Engine(
            "robin", configuration.profiles["robin"], configuration.home, load_books(configuration)["robin"]
        )
        events = list(_events(room_names(rooms), steps))
        for event in events[:200]:
            engine.step(event)
        began = process_time()
        for event in events:
            engine.step(event)
        rate = len(events) / (process_time() - began)
        rows.append(Row(f"engine steps, {rooms} room{'s' if rooms > 1 else ''}", "1/s", rate, None, "50,000"))
    return rows


def _events(rooms: list[str], count: int) -> Iterator[Event]:
    """Readings, one a second; every 20th crosses the bedroom's limit, and its fan then says that it obeyed."""
    at = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    yield PeerChanged(at=at, source="x", id="p", peer="home_assistant", up=True)
    hot = False
    yield _fan(at, on=False)
    for number in range(count):
        at += timedelta(seconds=1)
        crosses = number % ACTING_EVERY == ACTING_EVERY - 1
        hot ^= crosses
        room = BEDROOM if crosses else rooms[number % len(rooms)]
        celsius = (HOT_C if hot and room == BEDROOM else COLD_C) + number % 5 / 10
        source = f"ours/{room}/climate"
        yield RoomMeasured(at=at, source=source, id=str(number), room=room, quantity=Kind.TEMPERATURE, value=celsius)
        if crosses:
            yield _fan(at, on=hot)


def _fan(at: datetime, *, on: bool) -> DeviceReported:
    entity, state = f"fan.{BEDROOM}", "on" if on else "off"
    attributes: dict[str, object] = {"percentage": 40 if on else 0, "percentage_step": 1.0}
    return DeviceReported(at=at, source=entity, id=f"f{at}", entity=entity, state=state, attributes=attributes)


def memory(folder: Path, readings: int) -> list[Row]:
    """Resident memory when idle, without and with Home Assistant, and after many readings."""
    with broker(folder / "broker") as port, StandInHomeAssistant(token=TOKEN) as home:
        home.add(Fan(entity_id=f"fan.{BEDROOM}", name="Fan"))
        write_home(folder / "with", port=port, prefix="with", rooms=1, url=home.url)
        with unclench(folder / "with") as process:
            sleep(3)
            connected = resident_mb(process.pid)
        write_home(folder / "ours", port=port, prefix="ours", rooms=20)
        with unclench(folder / "ours") as process, bare(folder / "bare", port, "bare") as other:
            sleep(3)
            idle, bare_idle = resident_mb(process.pid), resident_mb(other.pid)
            player = Player(port, "ours")
            firehose.publish(port, _readings("ours", room_names(20), readings))
            player.wait_for(LAST, "ON", 0.0, 900)
            player.close()
            after = resident_mb(process.pid)
    return [
        Row("resident memory, idle", "MB", idle, bare_idle, "60"),
        Row("resident memory, idle, with Home Assistant", "MB", connected, None, "60"),
        Row(f"resident memory after {readings:,} readings", "MB", after, None, "60"),
    ]


def start(folder: Path, rounds: int) -> list[Row]:
    """From the start of the process to its first command; the thermometer speaks every 10 ms."""
    found: dict[str, list[float]] = {"bare": [], "ours": []}
    with broker(folder / "broker") as port:
        for turn in range(rounds):
            for name, times in found.items():
                prefix = f"{name}{turn}"
                player = Player(port, prefix, qos=0)
                home = folder / prefix
                write_home(home, port=port, prefix=prefix, rooms=1)
                began = perf_counter()
                with bare(home, port, prefix, wait=False) if name == "bare" else nullcontext():
                    process = start_unclench(home) if name == "ours" else None
                    while not player.count and perf_counter() < began + 30:
                        player.read(BEDROOM, HOT_C)
                        sleep(0.01)
                    times.append(player.wait_for(BEDROOM, "ON", began) - began)
                    if process is not None:
                        end(process, grace_s=10)
                player.close()
    return [Row("start to first command", "s", percentile(found["ours"], 0.5), percentile(found["bare"], 0.5), "1 s")]
