"""Clock changes, a clock set back or put forward, a machine that slept: nothing twice, nothing late, all goes on."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
import pytest
import time_machine

from integration.app import App
from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.inbox import Nudge
from integration.scheduler import Scheduler
from integration.store import FILE
from rules.engine import Engine
from tests.faults.bedroom_tools import bedroom_stand_in, lie_down, measure, spoken, state_of
from tests.integration.homebuilder import AC, BED, FAN, TestHome, publisher, say
from tests.integration.test_run_command import environment
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers

STEP = timedelta(minutes=4)
"""The simulated time moves on by this: less than what counts as a sleep of the machine."""
MINUTE = timedelta(minutes=1)
PROFILE = """
name: Robin
time_zone: Europe/Berlin
hands_off: 30 min
bedtime: {at: "23:45"}
quiet_hours: {from: "11:58", to: "11:59"}
triggers:
  heat: {above_in_bed: 22.0, for: 0 s}
routines:
  morning: {enabled: false}
  stretch: {at: "21:30", grace: 10 min}
  wind_down: {enabled: false}
  night: {at: "02:30", grace: 10 min}
  evening: {at: "22:30", grace: 10 min}
prompts:
  channels:
    - script: script.bedside_prompt
"""


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom_stand_in() as home:
        yield home


@dataclass
class Life:
    """A running service in a process whose clock the test moves."""

    app: App
    stand_in: StandInHomeAssistant
    sensors: paho.Client
    traveller: time_machine.Traveller
    read: int = field(default=0)

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return datetime.now(UTC)

    @property
    def engine(self) -> Engine:
        """Robin's engine."""
        return self.app.service.household.engines["robin"]

    @property
    def sees(self) -> bool:
        """Whether the room's temperature counts."""
        return self.engine.world.facts["bedroom.temperature"].fresh

    def settle(self) -> None:
        """Return when the engine has looked at the clock and at all that came before."""
        for _ in range(2):  # what the first round brings out is in the second
            handled = threading.Event()
            self.app.inbox.put(Nudge(handled))
            assert handled.wait(20)

    def measure(self, celsius: float) -> None:
        """A reading, taken in."""
        expected = self.app.mqtt.received + 1
        measure(self.sensors, celsius)
        wait_until(lambda: self.app.mqtt.received >= expected, timeout_s=10, what="the reading")
        self.settle()

    def shift(self, by: timedelta) -> None:
        """Step the clock, as somebody who sets it does; the scheduler and the engine look at it."""
        self.traveller.shift(by)
        scheduler = next(part for part in self.app.parts if isinstance(part, Scheduler))
        seen = self.now
        wait_until(
            lambda: abs((scheduler._looked_at or seen + STEP) - seen) < MINUTE, timeout_s=10, what="the scheduler"
        )
        self.settle()

    def live(self, duration: timedelta, celsius: float | None = None) -> None:
        """Let time pass in small steps, with or without readings."""
        until = self.now + duration
        while self.now < until:
            self.shift(min(STEP, until - self.now))
            if celsius is not None:
                self.measure(celsius)

    def wait(self, entity: str, state: str) -> None:
        """Until a device reports a state."""
        wait_until(lambda: state_of(self.stand_in, entity) == state, timeout_s=20, what=f"{entity} {state}")
        self.settle()

    def routines(self) -> list[tuple[str, datetime]]:
        """Every routine that was begun by the clock: its name and when."""
        found = rows(self.app.data, "SELECT body FROM events WHERE kind = 'routine_due' ORDER BY seq")
        bodies = [json.loads(str(body)) for (body,) in found]
        return [(body["routine"], datetime.fromisoformat(body["at"])) for body in bodies]

    def decided(self) -> str:
        """Everything that was decided, as text."""
        return "\n".join(str(body) for (body,) in rows(self.app.data, "SELECT body FROM decisions ORDER BY seq"))


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What the database holds."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(sql).fetchall()


@contextmanager
def living(
    folder: Path, start: datetime, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, dwell: str = "0 s"
) -> Iterator[Life]:
    """A home whose evening begins at ``start``."""
    home = TestHome(folder, mosquitto.port, stand_in.url, stand_in.token, dwell, PROFILE)
    with (
        time_machine.travel(start, tick=True) as traveller,
        home.running() as app,
        publisher(mosquitto.port) as sensors,
    ):
        life = Life(app, stand_in, sensors, traveller)
        lie_down(sensors)
        wait_until(lambda: app.mqtt.received >= 1, timeout_s=10, what="the bed")
        life.settle()
        yield life


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The scheduler looks often, and the process lives in UTC, as the service does."""
    monkeypatch.setattr("integration.scheduler.LOOK_S", 0.005)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# -- both clock changes


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("start", "due"),
    [
        (
            datetime(2026, 3, 28, 19, 0, tzinfo=UTC),
            ["28 20:30 stretch", "28 21:30 evening", "29 01:00 night", "29 19:30 stretch", "29 20:30 evening"],
        ),
        (
            datetime(2026, 10, 24, 18, 0, tzinfo=UTC),
            ["24 19:30 stretch", "24 20:30 evening", "25 00:30 night", "25 20:30 stretch", "25 21:30 evening"],
        ),
    ],
    ids=["forward", "back"],
)
def test_over_a_clock_change_each_routine_comes_once_at_the_persons_time(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, start: datetime, due: list[str]
) -> None:
    """2:30 does not exist in March and exists twice in October; the evening after is again at 22:30 in Berlin."""
    with living(tmp_path / "home", start, mosquitto, stand_in) as life:
        life.live(timedelta(hours=28), celsius=20.5)
        begun = life.routines()
    moments = [datetime.strptime(f"{start:%Y-%m-}{text[:8]}+0000", "%Y-%m-%d %H:%M%z") for text in due]
    assert [name for name, _ in begun] == [text[9:] for text in due]
    for (_, at), moment in zip(begun, moments, strict=True):
        assert timedelta(0) <= at - moment <= STEP + MINUTE


# -- the clock is set back


@pytest.mark.timeout(120)
def test_the_clock_set_back_two_hours_in_the_middle_of_a_hot_night(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Hold, dwell time and staleness last as long as they should, and no routine comes twice."""
    start = datetime(2026, 7, 14, 20, 40, tzinfo=UTC)  # 22:40 in Berlin: the evening routine was 10 minutes ago
    with living(tmp_path / "home", start - timedelta(minutes=20), mosquitto, stand_in, "12 min") as life:
        life.live(timedelta(minutes=20), celsius=22.5)
        life.wait(FAN, "on")
        assert [name for name, _ in life.routines()] == ["evening"]
        life.stand_in.set_state(FAN, "off", user_id="somebody")
        wait_until(lambda: bool(life.engine.world.devices[FAN].memory.holds), timeout_s=10, what="the hold")
        life.live(timedelta(minutes=8), celsius=22.5)
        life.shift(timedelta(hours=-2))
        assert abs(life.engine.now - life.now) < MINUTE
        life.measure(22.5)
        assert life.sees
        life.live(timedelta(minutes=20), celsius=22.6)
        assert state_of(stand_in, FAN) == "off", "the hold is not over"
        life.live(timedelta(minutes=4), celsius=22.6)
        life.wait(FAN, "on")  # 32 minutes after the hand, whatever the clock said

        life.shift(timedelta(hours=-2))
        life.live(timedelta(minutes=8), celsius=19.4)
        assert state_of(stand_in, FAN) == "on", "it has not run long enough to be switched off"
        life.live(timedelta(minutes=8), celsius=19.4)
        life.wait(FAN, "off")

        fact = life.engine.world.facts["bedroom.temperature"]
        limit = next(limit for source, limit in fact.stale_after.items() if source)
        life.live(limit / 2)
        life.shift(timedelta(hours=-2))
        life.live(limit / 2 - timedelta(minutes=2))
        assert fact.quality == "fresh"
        life.live(timedelta(minutes=4))
        assert str(fact.quality) == "stale"

        life.live(datetime(2026, 7, 15, 0, 40, tzinfo=UTC) - life.now, celsius=21.0)  # beyond 22:30 again, and 2:30
        assert [name for name, _ in life.routines()] == ["evening", "stretch", "night"]
        assert life.decided().count("the clock was set back") == 3
        assert not spoken(stand_in) or "set back" not in spoken(stand_in)[-1]


@pytest.mark.slow
def test_a_clock_set_back_by_days_stops_no_evening(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """It had been a week ahead: the routines of the true evening come, and what is under way goes on."""
    ahead = datetime(2026, 7, 21, 15, 0, tzinfo=UTC)
    with living(tmp_path / "home", ahead, mosquitto, stand_in) as life:
        life.live(timedelta(minutes=8), celsius=22.5)
        life.wait(FAN, "on")
        life.shift(timedelta(days=-7))
        life.measure(22.5)
        assert state_of(stand_in, FAN) == "on"
        life.live(timedelta(hours=6), celsius=21.5)
        assert [name for name, _ in life.routines()] == ["stretch", "evening"]
        assert {f"{at:%d}" for _, at in life.routines()} == {"14"}
        life.live(timedelta(minutes=8), celsius=19.4)
        life.wait(FAN, "off")


def test_a_message_that_was_stamped_before_the_clock_was_set_back_counts(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Somebody lies down in that very second: the bed says it only once."""
    with living(tmp_path / "home", datetime(2026, 7, 14, 20, 40, tzinfo=UTC), mosquitto, stand_in) as life:
        say(life.sensors, BED, "OFF", retain=True)
        life.live(timedelta(minutes=4), celsius=22.5)
        assert state_of(stand_in, FAN) == "off"
        lie_down(life.sensors)
        life.traveller.shift(timedelta(hours=-2))
        life.wait(FAN, "on")
        life.settle()
        assert abs(life.engine.now - life.now) < MINUTE


# -- the clock is put forward


def test_the_clock_put_forward_12_hours_runs_nothing_late(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """No routine, no prompt, no device that runs on; then everything as ever, also when the clock is put right."""
    start = datetime(2026, 7, 14, 19, 20, tzinfo=UTC)  # 21:20 in Berlin
    with living(tmp_path / "home", start, mosquitto, stand_in) as life:
        life.live(timedelta(minutes=4), celsius=22.5)
        life.wait(FAN, "on")
        life.shift(timedelta(hours=12))
        assert not life.sees
        life.wait(FAN, "off")
        life.wait(AC, "off")
        assert life.routines() == []
        assert not [text for text in spoken(stand_in) if "tretch" in text]
        life.live(timedelta(minutes=4))
        say(life.sensors, BED, "ON", retain=True)
        life.measure(22.6)
        life.wait(FAN, "on")
        assert "by hand" not in life.decided()
        life.shift(timedelta(hours=-12))
        life.live(timedelta(hours=2), celsius=22.5)
        assert state_of(stand_in, FAN) == "on"
        assert [name for name, _ in life.routines()] == ["stretch", "evening"]


def test_the_late_echo_of_a_command_from_before_is_no_hand(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """The fan was told to start, then 8 hours were gone, then it reports: it is ours, and is switched off."""
    told = threading.Event()

    def slowly(domain: str, service: str, _data: object) -> bool:
        if domain == "fan" and service == "turn_on":
            told.set()
            return True
        return False

    stand_in.on_service(slowly)
    with living(tmp_path / "home", datetime(2026, 7, 14, 21, 0, tzinfo=UTC), mosquitto, stand_in) as life:
        life.measure(22.5)
        assert told.wait(20)
        life.wait(AC, "cool")
        life.shift(timedelta(hours=8))
        stand_in.set_state(FAN, "on", {"percentage": 40})
        life.wait(FAN, "off")
        assert not life.engine.world.devices[FAN].memory.holds
        assert "by hand" not in life.decided()


# -- the machine sleeps

LAUNCHER = """
import datetime, pathlib, sys
import integration.clock, integration.mqtt_edge
ahead = pathlib.Path(sys.argv.pop(1))
def now(self):
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=float(ahead.read_text()))
integration.clock.SystemClock.now = now
integration.mqtt_edge.KEEPALIVE_S = 2
from integration.cli import main
main()
"""
"""The service with a clock that can be put forward while it is frozen, as the machine's is when it wakes up."""


def put_forward(path: Path, by: timedelta) -> None:
    """Whole or not at all: it is read at any time."""
    new = path.with_suffix(".new")
    new.write_text(str(by.total_seconds()))
    new.replace(path)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_eight_hours_suspended(tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> None:
    """The process is frozen, the broker gives it up and keeps what comes; then it wakes up 8 hours later."""
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)
    ahead, log = tmp_path / "ahead", tmp_path / "log"
    put_forward(ahead, timedelta(0))
    status: list[str] = []
    variables = {**environment(home), "UNCLENCH_HA_TOKEN": stand_in.token}
    command = [sys.executable, "-c", LAUNCHER, str(ahead), "run"]
    with publisher(mosquitto.port) as sensors, log.open("w") as output:
        sensors.on_message = lambda _client, _data, message: status.append(json.loads(message.payload)["state"])
        sensors.subscribe("unclench/status", 1)
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=variables)
        try:
            wait_until(lambda: "online" in status, timeout_s=30, what="the start")
            lie_down(sensors)
            measure(sensors, 22.5)
            for entity, state in ((FAN, "on"), (AC, "cool")):
                wait_for_state(stand_in, entity, state)
            wait_until(lambda: written(home, "room_measured") == 1, timeout_s=10, what="the reading on record")
            calls = len(stand_in.calls)
            process.send_signal(signal.SIGSTOP)
            put_forward(ahead, timedelta(hours=8))
            wait_until(lambda: status[-1] == "offline", timeout_s=30, what="the broker to give it up")
            measure(sensors, 26.0)  # of the night, held by the broker
            say(sensors, "unclench/robin/routine/stretch", "")
            say(sensors, "unclench/robin/report/stress", "8")
            process.send_signal(signal.SIGCONT)
            woke = time.monotonic()
            wait_until(lambda: status[-1] == "online", timeout_s=30, what="it to come back")
            back = time.monotonic() - woke
            wait_for_state(stand_in, FAN, "off")
            wait_for_state(stand_in, AC, "off")
            wait_until(lambda: written(home, "self_reported") == 1, timeout_s=10, what="what was said meanwhile")
            since = stand_in.calls[calls:]
            assert not [call for call in since if call.service == "turn_on"], "acted on an old reading"
            assert not [text for text in spoken(stand_in) if "tretch" in text]
            time.sleep(3.5)  # what comes within 3 s may have lain in a buffer
            lie_down(sensors)
            measure(sensors, 22.6)
            wait_for_state(stand_in, FAN, "on")
            wait_for_state(stand_in, AC, "cool")
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
    assert "nothing ran for 480 minutes" in log.read_text()
    assert "by hand" not in str(rows(home.settings.data, "SELECT body FROM decisions"))
    print(f"back at the broker {back:.1f} s after waking up")


def wait_for_state(stand_in: StandInHomeAssistant, entity: str, state: str) -> None:
    """Until a device reports a state."""
    wait_until(lambda: state_of(stand_in, entity) == state, timeout_s=30, what=f"{entity} {state}")


def written(home: TestHome, kind: str) -> int:
    """How many events of a kind are on record."""
    return int(str(rows(home.settings.data, f"SELECT count(*) FROM events WHERE kind = '{kind}'")[0][0]))  # noqa: S608
