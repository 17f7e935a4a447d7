"""The service on a real mosquitto and the stand-in Home Assistant: restarts, acknowledgements, the record."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from devices.actions import Action
from devices.readings import Message
from integration.app import App, compose
from integration.clock import SystemClock
from integration.demo.stand_in_ha import Climate, Fan, Light, Script, StandInHomeAssistant
from integration.inbox import Item, PeerSeen, Received
from integration.lock import RunningAlreadyError
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, LAMP, TestHome, publisher, ready, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    home = StandInHomeAssistant(token="let-me-in")
    home.add(
        Climate(entity_id=AC, name="AC"),
        Fan(entity_id=FAN, name="Fan"),
        Light(entity_id=LAMP, name="Lamp"),
        Script(entity_id="script.bedside_prompt", name="Prompt", required=("title", "message")),
    )
    home.start()
    yield home
    home.stop()


@pytest.fixture
def home(tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant) -> TestHome:
    """A configuration for both."""
    return TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)


def state_of(stand_in: StandInHomeAssistant, entity: str) -> str:
    """What an entity reports; empty for none."""
    state = stand_in.state(entity)
    return state.state if state is not None else ""


def cut(app: App) -> None:
    """Cut the wire to the broker: no goodbye."""
    assert app.mqtt._client is not None
    sock: Any = app.mqtt._client.socket()
    sock.shutdown(socket.SHUT_RDWR)


def cool_down(app: App, port: int, stand_in: StandInHomeAssistant) -> None:
    """Heat in bed until both devices run."""
    with publisher(port) as sensors:
        say(sensors, BED, "ON", retain=True)
        say(sensors, CLIMATE, json.dumps({"temperature": 22.5}))
        wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=5, what="the fan")
        wait_until(lambda: state_of(stand_in, AC) == "cool", timeout_s=5, what="the AC")
        wait_until(app.inbox.empty, timeout_s=5, what="quiet")


def test_what_was_switched_on_before_a_restart_is_switched_off_after_it(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """The fan runs when the service ends; the room is cold when it is back: the fan goes off."""
    with home.running() as app:
        cool_down(app, mosquitto.port, stand_in)
    assert state_of(stand_in, FAN) == "on"
    with home.running(), publisher(mosquitto.port) as sensors:
        for celsius in (19.5, 19.4):
            say(sensors, CLIMATE, json.dumps({"temperature": celsius}))
        wait_until(lambda: state_of(stand_in, FAN) == "off", timeout_s=5, what="the fan off")
        wait_until(lambda: state_of(stand_in, AC) == "off", timeout_s=5, what="the AC off")


def test_a_person_changes_the_fan_and_a_restart_does_not_undo_it(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """A hold survives the restart (R6, R11)."""
    with home.running() as app:
        cool_down(app, mosquitto.port, stand_in)
        stand_in.set_state(FAN, "off", user_id="somebody")
        memory = app.service.household.engines["robin"].world.devices[FAN].memory
        wait_until(lambda: bool(memory.holds), timeout_s=5, what="the hold")
    calls = len(stand_in.calls)
    with home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, CLIMATE, json.dumps({"temperature": 22.8}))
        wait_until(
            lambda: app.service.household.engines["robin"].world.facts["bedroom.temperature"].number > 22.7,
            timeout_s=5,
            what="the reading",
        )
        assert app.service.household.engines["robin"].world.devices[FAN].memory.holds
    assert state_of(stand_in, FAN) == "off"
    assert all(call.data.get("entity_id") != [FAN] for call in stand_in.calls[calls:])


def test_nothing_is_acknowledged_before_it_is_on_disk(home: TestHome, mosquitto: Mosquitto) -> None:
    """While another process locks the database the broker keeps the messages; afterwards they are all on record."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        locker = sqlite3.connect(app.store.path, isolation_level=None)
        acked: list[object] = []
        ack = app.mqtt.ack

        def observed(received: Sequence[Received]) -> None:
            acked.extend(received)
            ack(received)

        app.mqtt.ack = observed  # type: ignore[method-assign]
        locker.execute("BEGIN IMMEDIATE")
        say(sensors, "unclench/robin/report/stress", "7")
        wait_until(
            lambda: app.service.household.engines["robin"].world.facts["self.stress"].value == 7,
            timeout_s=15,  # a round before it may wait for the lock for five seconds
            what="the report",
        )
        assert acked == []
        locker.execute("COMMIT")
        locker.close()
        wait_until(lambda: bool(acked), timeout_s=15, what="the acknowledgement")
        kinds = (
            sqlite3.connect(app.store.path)
            .execute("SELECT count(*) FROM events WHERE kind = 'self_reported'")
            .fetchone()
        )
        assert kinds == (1,)


def test_messages_that_come_while_we_are_away_are_not_lost(home: TestHome, mosquitto: Mosquitto) -> None:
    """A persistent session: what was said while the service was down is heard when it is back."""
    with home.running():
        pass
    with publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/report/stress", "8")
    with home.running() as app:
        fact = app.service.household.engines["robin"].world.facts["self.stress"]
        wait_until(lambda: fact.value == 8, timeout_s=5, what="the report")


def test_a_retained_event_is_dropped_and_counted(home: TestHome, mosquitto: Mosquitto) -> None:
    """An old routine message, kept by the broker, starts nothing (R17)."""
    with publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/routine/wind_down", "", retain=False)
        say(sensors, "unclench/robin/report/stress", "9", retain=True)
    with home.running() as app:
        rejected = app.service.household.intake.rejected
        wait_until(
            lambda: rejected["unclench/robin/report/+", "retained_event"] == 1, timeout_s=5, what="the rejection"
        )
        assert app.service.household.engines["robin"].world.facts["self.stress"].at is None


def test_home_assistant_away_is_said_once_and_the_wanted_state_comes_when_it_is_back(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Sensing goes on, one log line down and one up, and the devices are brought to what is wanted (R19)."""
    with caplog.at_level("INFO", logger="unclench"), home.running() as app:
        stand_in.stop()
        wait_until(lambda: not ready(app), timeout_s=10, what="Home Assistant away")
        with publisher(mosquitto.port) as sensors:
            say(sensors, BED, "ON")
            say(sensors, CLIMATE, json.dumps({"temperature": 22.5}))
            wait_until(
                lambda: app.service.household.engines["robin"].world.rules[0].wanting, timeout_s=5, what="the want"
            )
        stand_in.start()
        wait_until(lambda: state_of(stand_in, AC) == "cool", timeout_s=20, what="the AC")
        lines = [record.message for record in caplog.records if "Home Assistant http" in record.message]
    assert [("away" in line, "connected" in line) for line in lines] == [(False, True), (True, False), (False, True)]


def test_the_state_is_published_and_the_last_will_tells_of_a_death(home: TestHome, mosquitto: Mosquitto) -> None:
    """Neutral state retained, health as an event, "offline" when the connection dies without a goodbye (R18)."""
    heard: dict[str, list[dict[str, object]]] = {}
    with publisher(mosquitto.port) as watcher:
        watcher.on_message = lambda _c, _d, message: heard.setdefault(message.topic, []).append(
            json.loads(message.payload)
        )
        watcher.subscribe([("unclench/status", 1), ("unclench/health", 1), ("unclench/+/state", 1)])
        with home.running() as app:
            wait_until(lambda: bool(heard.get("unclench/robin/state")), timeout_s=5, what="the state")
            app.beat()
            wait_until(lambda: bool(heard.get("unclench/health")), timeout_s=5, what="the heartbeat")
            cut(app)
            wait_until(
                lambda: {"state": "offline"} in heard.get("unclench/status", []), timeout_s=10, what="the last will"
            )
    assert heard["unclench/robin/state"][0]["cooling"] == {"bedroom": False}


def test_symptoms_and_reports_never_reach_the_log(
    home: TestHome, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """What the person says about how they are is stored, not logged (R27)."""
    with caplog.at_level("DEBUG"), home.running() as app, publisher(mosquitto.port) as sensors:
        say(
            sensors,
            "unclench/robin/symptom",
            json.dumps({"symptom": "spasm", "severity": 7, "note": "left-calf-xyzzy"}),
        )
        say(sensors, "unclench/robin/report/infection", "yes")
        fact = app.service.household.engines["robin"].world.facts["self.infection"]
        wait_until(lambda: fact.value is True, timeout_s=5, what="the report")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("unclench")]
    assert not [line for line in ours if "xyzzy" in line or "spasm" in line or "infection" in line]


def test_a_jump_is_refused_counted_and_logged(
    home: TestHome, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """What only the engine can see to be impossible is a rejection like any other."""
    with caplog.at_level("INFO", logger="unclench"), home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, CLIMATE, '{"temperature": 21.0}')
        say(sensors, CLIMATE, '{"temperature": 29.0}')
        rejected = app.service.household.intake.rejected
        wait_until(lambda: rejected[CLIMATE, "jump"] == 1, timeout_s=5, what="the rejection")
        wait_until(lambda: "not believed (jump)" in caplog.text, timeout_s=5, what="the log line")
        assert app.service.household.engines["robin"].world.facts["bedroom.temperature"].value == 21.0


def test_a_message_that_cannot_be_written_down_costs_itself_only(home: TestHome, mosquitto: Mosquitto) -> None:
    """Half of a surrogate pair has no written form: it must not be met again at every start (R16)."""
    with home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/answer", '{"prompt": "\\ud83d", "answer": "done"}')
        say(sensors, "unclench/robin/hold", '{"entity": "fan.\\udc00", "minutes": 5}')
        say(sensors, "unclench/robin/report/stress", "7")
        fact = app.service.household.engines["robin"].world.facts["self.stress"]
        wait_until(lambda: fact.value == 7, timeout_s=5, what="the next message")
        assert app.alive
    with home.running() as app:
        assert app.alive
        assert app.service.household.engines["robin"].world.facts["self.stress"].value == 7


def test_a_second_service_on_the_same_data_is_refused(home: TestHome, mosquitto: Mosquitto) -> None:
    """Two would throw each other off the broker every second."""
    del mosquitto
    with home.running(), pytest.raises(RunningAlreadyError, match="runs already"):
        home.app().start()
    with home.running() as app:
        assert app.alive


def test_the_first_prompt_after_a_restart_of_home_assistant_is_said(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """The old connection was closed while nobody used it: it must not swallow words."""

    def said() -> int:
        return sum(call.domain == "script" for call in stand_in.calls)

    with home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/routine/stretch", "")
        wait_until(lambda: said() == 1, timeout_s=5, what="the first prompt")
        say(sensors, "unclench/robin/answer", "done")
        stand_in.stop()
        wait_until(lambda: not ready(app), timeout_s=10, what="Home Assistant away")
        stand_in.start()
        wait_until(lambda: ready(app), timeout_s=20, what="Home Assistant back")
        words = Action(
            id="x-1",
            at=app.clock.now(),
            expires_at=app.clock.now() + timedelta(minutes=1),
            service="script.bedside_prompt",
            entity=None,
            data={"title": "t", "message": "m"},
            reason="a test",
            once=True,
        )
        app.service._target_of(words).put("robin", words)
        wait_until(lambda: said() == 2, timeout_s=10, what="the second prompt")


def stored_after(home: TestHome, *items: Item) -> int:
    """How many measurements are on disk after a run of the service that took these items."""
    app = home.app()
    app.store.open()
    app.service.restore()
    app.service._work(list(items))
    app.store.close()
    database = sqlite3.connect(app.store.path)
    (count,) = database.execute("SELECT count(*) FROM events WHERE kind = 'room_measured'").fetchone()
    database.close()
    return int(count)


def test_a_message_that_comes_again_after_a_restart_is_kept_once(home: TestHome, mosquitto: Mosquitto) -> None:
    """It was stored, and the acknowledgement was lost. In a new session the same packet is another message (R17)."""
    del mosquitto
    now = datetime.now(UTC)
    kept, anew = PeerSeen("mqtt", up=True, at=now), PeerSeen("mqtt", up=True, at=now, new_session=True)
    first = Received(Message(topic=CLIMATE, payload=b'{"temperature": 21.5}'), now, ack=1, connection=1)
    again = replace(first, repeated=True)
    assert stored_after(home, anew, first) == 1
    assert stored_after(home, kept, again, again) == 1
    assert stored_after(home, anew, again) == 2
    assert stored_after(home, kept, again) == 2
    assert stored_after(home, kept, first) == 3  # not marked: the sensor said the same twice


class Ahead(SystemClock):
    """A clock that is ahead of the machine's."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        """See ``Clock``."""
        return super().now() + self._by


def test_what_came_due_while_the_service_was_down_for_seconds_is_said(
    home: TestHome, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """A prompt that was put off is due 20 s before the service is back: it must not be offered into the void."""

    def said() -> int:
        return sum(call.domain == "script" for call in stand_in.calls)

    with home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/routine/stretch", "")
        wait_until(lambda: said() == 1, timeout_s=5, what="the prompt")
        say(sensors, "unclench/robin/answer", "later")
        prompt = app.service.household.engines["robin"].world.desk.memory.prompts["stretch"]
        wait_until(lambda: prompt.later_at is not None, timeout_s=5, what="the answer")
    assert prompt.later_at is not None
    back = prompt.later_at + timedelta(seconds=20)
    late = compose(load(home.folder), home.settings, clock=Ahead(back - SystemClock().now()))
    late.start()
    try:
        wait_until(lambda: said() == 2, timeout_s=20, what="the prompt again")
    finally:
        late.stop()


def test_what_is_refused_is_logged_without_what_it_was_about(
    home: TestHome, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """The name of a report tells how somebody is: it stays out of the log, also when its payload is nonsense (R27)."""
    with caplog.at_level("DEBUG", logger="unclench"), home.running(), publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/report/bladder_infection", "perhaps")
        wait_until(lambda: "not believed" in caplog.text, timeout_s=5, what="the log line")
    assert "bladder" not in caplog.text


def test_a_routine_that_the_broker_held_overnight_starts_nothing(home: TestHome, mosquitto: Mosquitto) -> None:
    """What was said while Unclench was away for long is no news; what somebody reported is kept."""
    with home.running() as app:
        app.service._since_snapshot = 1
    database = sqlite3.connect(home.settings.data / "unclench.db")
    (text,) = database.execute("SELECT body FROM snapshot").fetchone()
    night = (datetime.now(UTC) - timedelta(hours=8)).isoformat()
    snapshot = json.loads(text)
    snapshot["engines"]["robin"]["now"] = night
    database.execute("DELETE FROM events")
    database.execute("UPDATE snapshot SET body = ?", (json.dumps(snapshot),))
    database.commit()
    database.close()
    with publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/routine/wind_down", "")
        say(sensors, CLIMATE, '{"temperature": 26.0}')
        say(sensors, "unclench/robin/report/stress", "8")
    with home.running() as app:
        facts = app.service.household.engines["robin"].world.facts
        wait_until(lambda: facts["self.stress"].value == 8, timeout_s=5, what="the report")
        assert facts["routine.wind_down"].at is None
        assert not facts["bedroom.temperature"].fresh


def test_a_memory_that_cannot_be_read_does_not_keep_the_service_from_starting(
    home: TestHome, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken snapshot, an unknown event and a broken one are left out, and said."""
    with home.running():
        pass
    database = sqlite3.connect(home.settings.data / "unclench.db")
    database.execute("INSERT OR REPLACE INTO snapshot VALUES (1, 0, ?)", (json.dumps({"units": {}, "engines": 7}),))
    for kind, body in (("from_the_future", "{}"), ("bed_changed", '{"at": "x"}')):
        database.execute("INSERT INTO events (at, person, kind, body) VALUES ('x', 'robin', ?, ?)", (kind, body))
    database.commit()
    database.close()
    with caplog.at_level("WARNING", logger="unclench"), home.running() as app, publisher(mosquitto.port) as sensors:
        say(sensors, "unclench/robin/report/stress", "7")
        fact = app.service.household.engines["robin"].world.facts["self.stress"]
        wait_until(lambda: fact.value == 7, timeout_s=5, what="the report")
    assert "cannot be read; starting anew" in caplog.text
    assert caplog.text.count("in the database cannot be read") == 2
