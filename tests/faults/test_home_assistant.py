"""Home Assistant fails in every way it can: what is wanted comes once it can, nothing comes late, sensing goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from pydantic import SecretStr

from integration import home_assistant as edge
from integration.app import App
from integration.demo.stand_in_ha import StandInHomeAssistant
from tests.faults.bedroom_tools import bedroom
from tests.faults.home_assistant_tools import (
    DECIDED_S,
    MovedClock,
    decides_in_s,
    device,
    heat_in_bed,
    is_there,
    measure,
    results,
    settled,
    wants_cooling,
)
from tests.integration.homebuilder import AC, FAN, TestHome, publisher, ready, say
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.mqtt_bedroom import MqttBedroom
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom() as home:
        yield home


@pytest.fixture
def clock() -> MovedClock:
    """A clock that the test may put forward."""
    return MovedClock()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up on an answer after one second in place of ten: the order of things stays."""
    monkeypatch.setattr(edge, "ANSWER_S", 1.0)


@pytest.fixture
def app(tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant, clock: MovedClock) -> Iterator[App]:
    """The service, exactly as `unclench run` composes it."""
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token, clock=clock)
    with home.running() as running:
        yield running


@pytest.fixture
def sensors(mosquitto: Mosquitto) -> Iterator[paho.Client]:
    """A client that plays the sensors."""
    with publisher(mosquitto.port) as client:
        yield client


def state_of(stand_in: StandInHomeAssistant, entity: str) -> str:
    """What an entity reports; empty for none."""
    state = stand_in.state(entity)
    return state.state if state is not None else ""


def cools(stand_in: StandInHomeAssistant) -> bool:
    """Whether both devices run."""
    return state_of(stand_in, AC) == "cool" and state_of(stand_in, FAN) == "on"


def calls_of(stand_in: StandInHomeAssistant, entity: str) -> list[str]:
    """The services that were called on an entity and reached it, in order."""
    return [call.service for call in stand_in.calls if entity in call.reached]


def said(stand_in: StandInHomeAssistant) -> list[str]:
    """What the person was told."""
    return [str(call.data["message"]) for call in stand_in.calls if call.domain == "script"]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of Home Assistant as a whole, in a word each."""
    words = ("connected", "is away", "refuses the token")
    return [
        word
        for record in caplog.records
        if record.getMessage().startswith("Home Assistant http")
        for word in words
        if word in record.getMessage()
    ]


# -- frozen


@pytest.mark.usefixtures("impatient")
def test_frozen_delays_no_reading_and_does_what_is_wanted_when_it_thaws(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Commands into the void: none arrives late, none is lost, and every reading is decided on and kept at once."""
    caplog.set_level("INFO", logger="unclench")
    stand_in.freeze()
    heat_in_bed(sensors)
    took = [decides_in_s(app, sensors, 22.6 + step / 10) for step in range(1, 6)]
    assert wants_cooling(app)
    wait_until(lambda: not is_there(app), timeout_s=15, what="the freeze to be noticed")
    took += [decides_in_s(app, sensors, 23.2 + step / 10) for step in range(1, 6)]
    stand_in.thaw()
    wait_until(lambda: cools(stand_in), timeout_s=30, what="the devices")
    wait_until(lambda: settled(app), timeout_s=10, what="quiet")
    assert calls_of(stand_in, AC) == ["set_hvac_mode", "set_temperature"]
    assert calls_of(stand_in, FAN) == ["turn_on"]
    assert lines(caplog) == ["is away", "connected"]
    print(f"slowest of {len(took)} readings while frozen: {max(took) * 1000:.0f} ms")
    assert max(took) < DECIDED_S


@pytest.mark.usefixtures("impatient")
def test_what_could_not_be_delivered_in_time_never_arrives(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock
) -> None:
    """Wanted while it was frozen, not wanted any more when it thaws: not one of the commands is carried out."""
    stand_in.freeze()
    heat_in_bed(sensors)
    wait_until(lambda: wants_cooling(app), timeout_s=5, what="the want")
    clock.move(app, seconds=61)  # longer than a command may wait, and shorter than until the next try
    wait_until(lambda: not is_there(app), timeout_s=15, what="the freeze to be noticed")
    measure(sensors, 19.5)
    wait_until(lambda: not wants_cooling(app), timeout_s=5, what="the end of the want")
    wait_until(lambda: len(results(app)) == 2, timeout_s=15, what="the fate of the commands")
    assert results(app)[1] == "expired"
    assert results(app)[0] in ("unreachable", "expired")  # the first may be on its way already when the time is over
    stand_in.thaw()
    wait_until(lambda: ready(app), timeout_s=30, what="Home Assistant back")
    clock.move(app, minutes=6)
    assert decides_in_s(app, sensors, 19.4) < DECIDED_S
    assert [call for call in stand_in.calls if call.reached] == []


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_what_is_obeyed_too_late_is_taken_back(app: App, stand_in: StandInHomeAssistant, sensors: paho.Client) -> None:
    """The call went out, its answer never came, and the devices do it when nobody wants it any more: they go off."""
    stand_in.slow(AC, 5)
    stand_in.slow(FAN, 5)
    heat_in_bed(sensors)
    wait_until(lambda: results(app) == ["sent", "sent"], timeout_s=15, what="the calls to be given up on")
    assert not cools(stand_in)
    measure(sensors, 19.5)
    wait_until(lambda: not wants_cooling(app), timeout_s=5, what="the end of the want")
    stand_in.clear_faults()
    wait_until(lambda: "set_hvac_mode" in calls_of(stand_in, AC), timeout_s=15, what="the late call")
    wait_until(lambda: len(calls_of(stand_in, FAN)) == 2, timeout_s=15, what="the fan to be switched off")
    wait_until(lambda: len(calls_of(stand_in, AC)) == 2, timeout_s=15, what="the AC to be switched off")
    wait_until(lambda: state_of(stand_in, AC) == state_of(stand_in, FAN) == "off", timeout_s=5, what="both off")
    assert not device(app, AC).holds
    assert not device(app, FAN).holds


# -- slow


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_a_call_of_thirty_seconds_delays_neither_readings_nor_prompts_nor_other_devices_for_long(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client
) -> None:
    """It is asked for once, and confirmed when it is done (R16)."""
    stand_in.slow(AC, 30)
    heat_in_bed(sensors)
    say(sensors, "unclench/robin/routine/stretch", "")
    wait_until(lambda: bool(said(stand_in)), timeout_s=5, what="the prompt")
    took = [decides_in_s(app, sensors, 22.6 + step / 10) for step in range(1, 6)]
    wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=15, what="the fan")
    assert calls_of(stand_in, AC) == []
    wait_until(lambda: state_of(stand_in, AC) == "cool", timeout_s=40, what="the AC")
    wait_until(lambda: settled(app), timeout_s=60, what="quiet")
    assert calls_of(stand_in, AC) == ["set_hvac_mode", "set_temperature"]
    assert len(said(stand_in)) == 1
    print(f"slowest of {len(took)} readings during the call: {max(took) * 1000:.0f} ms")
    assert max(took) < DECIDED_S


# -- away


@pytest.mark.parametrize("status", [503, 502])
def test_refusing_everything_is_lived_through(
    app: App,
    stand_in: StandInHomeAssistant,
    sensors: paho.Client,
    clock: MovedClock,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    """A proxy answers for a dead Home Assistant for ten minutes: one line down, one up, nothing sent late (R19)."""
    caplog.set_level("INFO", logger="unclench")
    stand_in.refuse(status)
    stand_in.drop_connections()
    wait_until(lambda: not is_there(app), timeout_s=10, what="Home Assistant away")
    heat_in_bed(sensors)
    assert decides_in_s(app, sensors, 22.9) < DECIDED_S
    clock.move(app, minutes=10)
    assert decides_in_s(app, sensors, 23.0) < DECIDED_S
    assert wants_cooling(app)
    stand_in.clear_faults()
    wait_until(lambda: cools(stand_in), timeout_s=30, what="the devices")
    assert calls_of(stand_in, FAN) == ["turn_on"]
    assert said(stand_in) == []
    assert lines(caplog) == ["is away", "connected"]


@pytest.mark.slow
def test_a_revoked_token_is_said_once_and_not_tried_all_the_time(
    app: App,
    stand_in: StandInHomeAssistant,
    sensors: paho.Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readings are decided on; the log says what to do, once; when the token is let in again, the devices come."""
    caplog.set_level("INFO", logger="unclench")
    monkeypatch.setattr(edge, "REFUSED_S", 2.0)
    stand_in.revoke_token()
    wait_until(lambda: "refuses the token" in lines(caplog), timeout_s=15, what="the line")
    heat_in_bed(sensors)
    assert decides_in_s(app, sensors, 22.9) < DECIDED_S
    assert wants_cooling(app)
    assert not is_there(app)
    wait_until(lambda: stand_in.logins_refused >= 3, timeout_s=20, what="further tries")
    assert lines(caplog) == ["is away", "refuses the token"]
    stand_in.clear_faults()
    wait_until(lambda: cools(stand_in), timeout_s=20, what="the devices")
    assert lines(caplog) == ["is away", "refuses the token", "connected"]


@pytest.mark.parametrize("calls", [1, 3])
def test_restarts_in_a_row_end_in_what_is_wanted(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, caplog: pytest.LogCaptureFixture, calls: int
) -> None:
    """It comes up as NOT_RUNNING, when calls succeed and do nothing: it counts as there when it runs."""
    caplog.set_level("INFO", logger="unclench")
    heat_in_bed(sensors)
    wait_until(lambda: cools(stand_in), timeout_s=10, what="the devices")
    for _ in range(calls):
        stand_in.stop()
        wait_until(lambda: not is_there(app), timeout_s=10, what="Home Assistant away")
        stand_in.set_phase("NOT_RUNNING")
        stand_in.set_state(AC, "off")
        stand_in.start()
        assert decides_in_s(app, sensors, 22.9) < DECIDED_S
        assert not is_there(app)
        stand_in.set_phase("RUNNING")
        wait_until(lambda: cools(stand_in), timeout_s=30, what="the devices again")
    assert lines(caplog) == ["is away", "connected"] * calls
    assert said(stand_in) == []


# -- one entity


@pytest.mark.parametrize("how", ["renamed", "unavailable"])
def test_a_device_that_is_gone_is_told_once_and_joins_when_it_is_back(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock, how: str
) -> None:
    """The fan cools meanwhile."""
    if how == "renamed":
        stand_in.rename(AC, "climate.other_name")
    else:
        stand_in.make_unavailable(AC)
    wait_until(lambda: device(app, AC).available is False, timeout_s=10, what="the loss to be seen")
    heat_in_bed(sensors)
    wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=10, what="the fan")
    for minutes in (6, 6, 20):
        clock.move(app, minutes=minutes)
        measure(sensors, 22.8)
        wait_until(lambda: bool(said(stand_in)), timeout_s=15, what="the message")
    if how == "renamed":
        stand_in.rename("climate.other_name", AC)
    else:
        stand_in.set_state(AC)
    wait_until(lambda: cools(stand_in), timeout_s=10, what="the AC")
    wait_until(lambda: len(said(stand_in)) == 2, timeout_s=10, what="the end of it")
    assert said(stand_in) == [
        "The bedroom ac is not available, so it cannot be switched.",
        "The bedroom ac is there again.",
    ]


@pytest.mark.slow
def test_a_call_that_is_accepted_and_ignored_is_told_once_and_tried_again(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock
) -> None:
    """200 proves nothing: three tries, one message, half an hour's rest, and one message when it works (R8)."""
    stand_in.ignore(AC)
    heat_in_bed(sensors)
    for tries in (1, 2, 3):
        called(stand_in, AC, "set_hvac_mode", tries)
        clock.move(app, seconds=75)
    wait_until(lambda: len(said(stand_in)) == 1, timeout_s=15, what="the message")
    for step in range(1, 4):
        clock.move(app, minutes=31)
        assert decides_in_s(app, sensors, 22.6 + step / 10) < DECIDED_S
    stand_in.clear_faults()
    for step in range(1, 3):
        clock.move(app, minutes=31)
        decides_in_s(app, sensors, 22.9 + step / 10)
    wait_until(lambda: cools(stand_in), timeout_s=15, what="the AC")
    wait_until(lambda: len(said(stand_in)) == 2, timeout_s=15, what="the end of it")
    first, second = said(stand_in)
    assert first.startswith("The bedroom ac does not answer. I tried 3 times")
    assert second == "The bedroom ac works again."


# -- late echoes


@pytest.mark.parametrize("wanted_on", [True, False])
def test_two_late_echoes_are_no_hand_and_switch_nothing(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock, wanted_on: bool
) -> None:
    """A slow device tells of the two commands before the last one, after it has confirmed the last one."""
    stand_in.on_service(lambda domain, _service, _data: domain == "fan")
    story = ["on", "off", "on"] if wanted_on else ["on", "off"]
    for count, state in enumerate(story, start=1):
        if state == "on":
            heat_in_bed(sensors)
        else:
            measure(sensors, 19.5)
        called(stand_in, FAN, "turn_", count)
        report(app, stand_in, state)
        wait_until(lambda: device(app, FAN).pending is None, timeout_s=10, what="the confirmation")
    for state in story[-2:]:
        report(app, stand_in, state)
    clock.move(app, minutes=6)
    measure(sensors, 22.7 if wanted_on else 19.4)
    wait_until(lambda: settled(app), timeout_s=10, what="quiet")
    assert len(calls_of(stand_in, FAN)) == len(story)
    assert not device(app, FAN).holds
    assert said(stand_in) == []


def called(stand_in: StandInHomeAssistant, entity: str, service: str, times: int) -> None:
    """Wait until a service was called so often."""
    wait_until(
        lambda: sum(each.startswith(service) for each in calls_of(stand_in, entity)) == times,
        timeout_s=15,
        what=f"call {times} of {entity}",
    )


def report(app: App, stand_in: StandInHomeAssistant, state: str) -> None:
    """The fan tells its state, and it is heard."""
    stand_in.set_state(FAN, state, {"percentage": 40 if state == "on" else 0})
    heard = {"power": True, "percentage": 40.0} if state == "on" else {"power": False}
    wait_until(lambda: device(app, FAN).reported == heard, timeout_s=10, what="the report")


# -- the real one


@pytest.fixture
def devices(home_assistant: HomeAssistant, broker_for_ha: Mosquitto) -> Iterator[MqttBedroom]:
    """Devices behind a real Home Assistant that are all there and off, now and afterwards."""
    with MqttBedroom(broker_for_ha.port) as bedroom:
        bedroom.reset(20.0)
        wait_until(lambda: all_off(home_assistant), timeout_s=20, what="devices off")
        yield bedroom
        home_assistant.thaw()
        wait_until(lambda: answers(home_assistant), timeout_s=30, what="Home Assistant to answer")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait 3 s in place of 10 s for an answer."""
    monkeypatch.setattr(edge, "ANSWER_S", 3.0)


@pytest.fixture
def real(home_assistant: HomeAssistant, broker_for_ha: Mosquitto, tmp_path: Path) -> TestHome:
    """A configuration for a real Home Assistant."""
    return TestHome(tmp_path / "home", broker_for_ha.port, home_assistant.url, home_assistant.token)


@pytest.fixture
def sensing(broker_for_ha: Mosquitto) -> Iterator[paho.Client]:
    """A client that plays the sensors beside a real Home Assistant."""
    with publisher(broker_for_ha.port) as client:
        yield client


def answers(home_assistant: HomeAssistant) -> bool:
    """Whether it answers at all."""
    try:
        return home_assistant.state(AC) is not None
    except OSError:
        return False


def all_off(home_assistant: HomeAssistant) -> bool:
    """Whether both devices are off."""
    return home_assistant.state(AC) == home_assistant.state(FAN) == "off"


def all_on(home_assistant: HomeAssistant) -> bool:
    """Whether both devices run."""
    return home_assistant.state(AC) == "cool" and home_assistant.state(FAN) == "on"


@pytest.mark.usefixtures("patient")
def test_a_real_one_that_was_frozen_does_nothing_late(
    real: TestHome, home_assistant: HomeAssistant, devices: MqttBedroom, sensing: paho.Client
) -> None:
    """SIGSTOP while heat comes and goes: readings are decided on, no device hears a word, and then all goes on."""
    with real.running() as app:
        home_assistant.freeze()
        heat_in_bed(sensing)
        took = [decides_in_s(app, sensing, 22.6 + step / 10) for step in range(1, 4)]
        wait_until(lambda: not is_there(app), timeout_s=30, what="the freeze to be noticed")
        took.append(decides_in_s(app, sensing, 23.3))
        measure(sensing, 19.5)
        wait_until(lambda: not wants_cooling(app), timeout_s=5, what="the end of the want")
        wait_until(lambda: len(results(app)) >= 2, timeout_s=30, what="the fate of the commands")
        assert "sent" not in results(app)
        home_assistant.thaw()
        wait_until(lambda: ready(app), timeout_s=60, what="Home Assistant back")
        wait_until(lambda: settled(app), timeout_s=10, what="quiet")
        assert devices.commanded == []
        measure(sensing, 23.0)
        wait_until(lambda: all_on(home_assistant), timeout_s=20, what="the devices")
    print(f"slowest of {len(took)} readings while frozen: {max(took) * 1000:.0f} ms")
    assert max(took) < DECIDED_S


@pytest.mark.usefixtures("patient")
def test_what_a_real_one_does_when_it_thaws_is_taken_back(
    real: TestHome, home_assistant: HomeAssistant, devices: MqttBedroom, sensing: paho.Client
) -> None:
    """Frozen between our look whether it is awake and the command: it obeys when it thaws, when nobody wants it."""
    with real.running() as app:
        heat_in_bed(sensing)
        wait_until(lambda: all_on(home_assistant) and settled(app), timeout_s=20, what="the devices")
        measure(sensing, 19.5)
        wait_until(lambda: all_off(home_assistant) and settled(app), timeout_s=20, what="the devices off")
        caller = next(part for part in app.parts if isinstance(part, edge.Caller))
        assert caller._client is not None
        caller._client.ping_latency = lambda: 0.0  # type: ignore[method-assign]
        devices.commanded.clear()
        home_assistant.freeze()
        measure(sensing, 22.9)
        wait_until(lambda: wants_cooling(app), timeout_s=5, what="the want")
        wait_until(lambda: results(app)[-1] == "unreachable", timeout_s=30, what="the calls to be given up on")
        wait_until(lambda: not is_there(app), timeout_s=30, what="the freeze to be noticed")
        measure(sensing, 19.4)
        wait_until(lambda: not wants_cooling(app), timeout_s=5, what="the end of the want")
        home_assistant.thaw()
        wait_until(lambda: AC in devices.commanded, timeout_s=30, what="the late command")
        wait_until(lambda: ready(app), timeout_s=60, what="Home Assistant back")
        wait_until(lambda: all_off(home_assistant), timeout_s=30, what="the devices off again")
        assert not device(app, AC).holds
        print(f"what the devices heard when it thawed: {devices.commanded}")


def test_a_real_one_that_revokes_the_token_is_served_again_with_a_new_one(
    real: TestHome,
    home_assistant: HomeAssistant,
    devices: MqttBedroom,
    sensing: paho.Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says what to do, readings are decided on, and the next start with a good token does what is wanted."""
    caplog.set_level("INFO", logger="unclench")
    good = real.settings
    token = home_assistant.ask("auth/long_lived_access_token", client_name="unclench", lifespan=1)
    real.settings = good.model_copy(update={"ha_token": SecretStr(token)})
    with real.running() as app:
        known = home_assistant.ask("auth/refresh_tokens")
        (ours,) = [each["id"] for each in known if each["client_name"] == "unclench"]
        home_assistant.ask("auth/delete_refresh_token", refresh_token_id=ours)
        wait_until(lambda: "refuses the token" in lines(caplog), timeout_s=30, what="the line")
        heat_in_bed(sensing)
        assert decides_in_s(app, sensing, 22.9) < DECIDED_S
        assert wants_cooling(app)
        assert lines(caplog) == ["connected", "is away", "refuses the token"]
        assert devices.commanded == []
    real.settings = good
    with real.running():
        wait_until(lambda: all_on(home_assistant), timeout_s=20, what="the devices")


def test_a_real_one_in_which_an_entity_is_renamed_and_named_back(
    real: TestHome, home_assistant: HomeAssistant, devices: MqttBedroom, sensing: paho.Client
) -> None:
    """Nothing is sent to where it was; when it is back, it joins."""
    with real.running() as app:
        home_assistant.ask("config/entity_registry/update", entity_id=AC, new_entity_id="climate.other_name")
        try:
            wait_until(lambda: device(app, AC).available is False, timeout_s=20, what="the loss to be seen")
            heat_in_bed(sensing)
            wait_until(lambda: FAN in devices.commanded, timeout_s=10, what="the fan")
            assert AC not in devices.commanded
        finally:
            home_assistant.ask("config/entity_registry/update", entity_id="climate.other_name", new_entity_id=AC)
        wait_until(lambda: all_on(home_assistant), timeout_s=20, what="the AC joins")
