"""What the stand-in can do beyond the contract: faults on demand, a clock of the caller, devices of the caller."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import niquests
import pytest
from homeassistant_api import Client, State, WebsocketClient
from homeassistant_api.errors import InternalServerError, ReceivingError, RequestTimeoutError, UnauthorizedError
from homeassistant_api.models.websocket import FiredEvent

from integration.demo.stand_in_ha import Climate, Sensor, StandInHomeAssistant, Switch
from tests.peers.processes import wait_until

AC, PAD, SENSOR = "climate.bedroom_ac", "switch.pad", "sensor.bedroom_temperature"
EVENING = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock at the beginning of an evening."""
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[StandInHomeAssistant]:
    """Return a running home with an air conditioner, a pad and a thermometer."""
    stand_in = StandInHomeAssistant(token="secret", clock=clock)
    stand_in.add(Climate(entity_id=AC, name="AC", fan_modes=("low", "high")), Switch(entity_id=PAD, name="Pad"))
    stand_in.add(Sensor(entity_id=SENSOR, name="Bedroom", state="25", unit="°C"))
    with stand_in:
        yield stand_in


@pytest.fixture
def rest(home: StandInHomeAssistant) -> Iterator[Client]:
    """Return a client that loses patience soon."""
    with niquests.Session(timeout=0.3) as session:
        yield Client(f"{home.url}/api", home.token, session=session)


@pytest.fixture
def ws(home: StandInHomeAssistant) -> Iterator[WebsocketClient]:
    """Return an open WebSocket that loses patience soon."""
    session = niquests.Session(timeout=0.3)
    client = WebsocketClient(f"{home.url}/api/websocket", home.token, session=session)
    with client:
        yield client


def test_times_are_those_of_the_given_clock(home: StandInHomeAssistant, rest: Client, clock: Clock) -> None:
    """Changed, updated and reported each mean something else."""
    clock.now += timedelta(minutes=1)
    home.set_state(AC, "cool")
    clock.now += timedelta(minutes=1)
    home.set_state(AC, attributes={"temperature": 20.0})
    clock.now += timedelta(minutes=1)
    home.set_state(AC)
    state = rest.get_state(entity_id=AC)
    minutes = [state.last_changed, state.last_updated, state.last_reported]
    assert minutes == [EVENING + timedelta(minutes=n) for n in (1, 2, 3)]


def test_calls_are_recorded_with_whom_they_reached(home: StandInHomeAssistant, rest: Client) -> None:
    """Also those that reached nobody."""
    home.make_unavailable(PAD)
    rest.trigger_service("switch", "turn_on", entity_id=PAD)
    rest.trigger_service("climate", "set_temperature", entity_id=AC, temperature=21)
    told = [(call.service, call.data, call.reached) for call in home.calls]
    assert told == [
        ("turn_on", {"entity_id": [PAD]}, ()),
        ("set_temperature", {"entity_id": [AC], "temperature": 21.0}, (AC,)),
    ]
    assert home.calls[0].at < home.calls[1].at <= time.monotonic()


def test_a_simulated_device_answers_in_its_own_time(
    home: StandInHomeAssistant, rest: Client, ws: WebsocketClient, clock: Clock
) -> None:
    """Soon after the call its report is the call's effect, later it is nobody's."""
    heard: list[tuple[str, str, Mapping[str, object]]] = []

    def device(domain: str, service: str, data: Mapping[str, object]) -> bool:
        heard.append((domain, service, data))
        return True

    home.on_service(device)
    rest.trigger_service("climate", "set_hvac_mode", entity_id=AC, hvac_mode="cool")
    assert heard == [("climate", "set_hvac_mode", {"entity_id": [AC], "hvac_mode": "cool"})]
    assert rest.get_state(entity_id=AC).state == "off"
    with ws.listen_events("state_changed") as events:
        clock.now += timedelta(seconds=4)
        home.set_state(AC, "cool")
        clock.now += timedelta(seconds=2)
        home.set_state(AC, "dry")
        users = [event.context.user_id for _, event in zip(range(2), events, strict=False) if event.context]
    assert users == [home.user_id, None]


def test_a_person_in_the_app_is_another_user(home: StandInHomeAssistant, rest: Client) -> None:
    """Not the one our token belongs to."""
    home.set_state(AC, "cool", user_id="anna")
    state = rest.get_state(entity_id=AC)
    assert state.context is not None
    assert state.context.user_id == "anna" != home.user_id


def test_events_are_counted_before_set_state_returns(home: StandInHomeAssistant, ws: WebsocketClient) -> None:
    """So a test can wait until a client has heard everything."""
    home.set_state(SENSOR, "26")
    assert home.events_sent == 0
    with ws.listen_trigger("state", entity_id=[SENSOR]) as fired:
        home.set_state(SENSOR, "27")
        home.set_state(SENSOR, "27")
        home.set_state(PAD, "on")
        assert home.events_sent == 1
        next(fired)


def test_an_event_can_be_fired_by_the_demo(home: StandInHomeAssistant, ws: WebsocketClient) -> None:
    """As if somebody tapped on a phone."""
    with ws.listen_events("mobile_app_notification_action") as events:
        home.fire_event("mobile_app_notification_action", {"action": "later"})
        event = next(events)
    assert isinstance(event, FiredEvent)
    assert (event.data, event.time_fired) == ({"action": "later"}, EVENING)


def test_an_entity_that_was_lost_comes_back_as_it_was(home: StandInHomeAssistant, rest: Client) -> None:
    """As over MQTT: the old state counts as current at once."""
    home.set_state(AC, "cool", {"temperature": 19.0})
    home.make_unavailable(AC)
    assert rest.get_state(entity_id=AC).state == "unavailable"
    home.set_state(AC)
    state = rest.get_state(entity_id=AC)
    assert (state.state, state.attributes["temperature"]) == ("cool", 19)


def test_a_report_of_an_unknown_entity_is_a_mistake(home: StandInHomeAssistant) -> None:
    """Of whoever wrote the demo or the test."""
    with pytest.raises(LookupError, match=r"climate\.attic"):
        home.set_state("climate.attic", "off")


def test_a_home_that_still_starts_accepts_calls_and_does_nothing(home: StandInHomeAssistant, rest: Client) -> None:
    """So `get_config` must be asked first."""
    home.set_phase("NOT_RUNNING")
    assert rest.get_config()["state"] == "NOT_RUNNING"
    rest.trigger_service("switch", "turn_on", entity_id=PAD)
    assert rest.get_state(entity_id=PAD).state == "off"
    assert home.calls[-1].reached == ()


def test_ignoring_is_a_success_without_an_effect(home: StandInHomeAssistant, rest: Client) -> None:
    """The worst kind of fault: nothing tells of it."""
    home.ignore(PAD)
    rest.trigger_service("switch", "turn_on", entity_id=PAD)
    assert rest.get_state(entity_id=PAD).state == "off"
    assert home.calls[-1].reached == (PAD,)
    home.clear_faults()
    rest.trigger_service("switch", "turn_on", entity_id=PAD)
    assert rest.get_state(entity_id=PAD).state == "on"


def test_refusing_answers_with_the_status(home: StandInHomeAssistant, rest: Client) -> None:
    """To requests and to new WebSocket connections, until cleared or the time is over."""
    home.refuse(503)
    with pytest.raises(InternalServerError, match="503"):
        rest.get_states()
    with niquests.Session() as session:
        ws = WebsocketClient(f"{home.url}/api/websocket", home.token, session=session)
        with pytest.raises(niquests.exceptions.HTTPError), ws:
            pass
    home.clear_faults()
    assert rest.get_states()
    home.refuse(503, seconds=0.0)
    assert rest.get_states()


def test_a_frozen_home_accepts_and_never_answers(home: StandInHomeAssistant, rest: Client, ws: WebsocketClient) -> None:
    """What was asked meanwhile is done later: a command that timed out may still happen."""
    home.freeze()
    with pytest.raises(RequestTimeoutError):
        rest.trigger_service("switch", "turn_on", entity_id=PAD)
    with pytest.raises(niquests.exceptions.ReadTimeout):
        ws.ping_latency()
    assert home.calls == ()
    home.thaw()
    wait_until(lambda: len(home.calls) == 1, timeout_s=5, what="the late call")
    assert ws.ping_latency() > 0


def test_a_delay_comes_before_every_answer(home: StandInHomeAssistant, rest: Client) -> None:
    """A slow home is not a broken one."""
    home.delay(0.1)
    before = time.monotonic()
    rest.get_config()
    assert time.monotonic() - before >= 0.1
    home.delay(0.5)
    with pytest.raises(RequestTimeoutError):
        rest.get_config()


def test_dropped_connections_end_a_subscription(home: StandInHomeAssistant, rest: Client) -> None:
    """The REST client finds its way back by itself, the WebSocket is entered again."""
    ws = WebsocketClient(f"{home.url}/api/websocket", home.token, session=niquests.Session(timeout=1))
    assert rest.get_config()
    gone = pytest.raises((ReceivingError, niquests.exceptions.RequestException))
    with gone, ws, ws.listen_events("state_changed") as events:
        home.drop_connections()
        next(events)
    assert rest.get_config()
    with ws, ws.listen_events("state_changed") as events:
        home.set_state(SENSOR, "30")
        event = next(events)
    assert isinstance(event, FiredEvent)
    assert State.from_json(event.data["new_state"]).state == "30"


def test_a_stopped_home_refuses_connections_and_comes_back_at_the_same_address(
    home: StandInHomeAssistant, rest: Client
) -> None:
    """With everything it knew."""
    home.set_state(SENSOR, "31")
    home.stop()
    with pytest.raises(niquests.exceptions.ConnectionError):
        rest.get_config()
    home.start()
    assert rest.get_state(entity_id=SENSOR).state == "31"


def test_stopping_while_frozen_does_not_hang(home: StandInHomeAssistant, rest: Client, ws: WebsocketClient) -> None:
    """Nor does stopping twice."""
    home.freeze()
    with pytest.raises(RequestTimeoutError):
        rest.get_config()
    before = time.monotonic()
    home.stop()
    home.stop()
    assert time.monotonic() - before < 5
    with pytest.raises((ReceivingError, niquests.exceptions.RequestException)):
        ws.ping_latency()


def test_a_fan_mode_is_taken_or_refused(home: StandInHomeAssistant, rest: Client) -> None:
    """An air conditioner that has fan modes knows which."""
    rest.trigger_service("climate", "set_fan_mode", entity_id=AC, fan_mode="high")
    assert rest.get_state(entity_id=AC).attributes["fan_mode"] == "high"
    assert len(home.calls) == 1


def test_a_revoked_token_is_let_in_no_more(home: StandInHomeAssistant, rest: Client, ws: WebsocketClient) -> None:
    """Open connections end, and every new try is counted."""
    home.revoke_token()
    with pytest.raises((ReceivingError, niquests.exceptions.RequestException)):
        ws.ping_latency()
    with pytest.raises(UnauthorizedError):
        rest.get_states()
    with pytest.raises(UnauthorizedError), WebsocketClient(f"{home.url}/api/websocket", home.token):
        pass
    assert home.logins_refused == 2
    home.clear_faults()
    assert rest.get_states()


def test_a_slow_entity_is_called_although_nobody_waits(home: StandInHomeAssistant, ws: WebsocketClient) -> None:
    """What is asked of another one meanwhile is answered at once."""
    home.slow(PAD, 0.5)
    with pytest.raises(niquests.exceptions.ReadTimeout):
        ws.trigger_service("switch", "turn_on", entity_id=PAD)
    ws.trigger_service("climate", "set_temperature", entity_id=AC, temperature=21)
    assert [call.domain for call in home.calls] == ["climate"]
    wait_until(lambda: len(home.calls) == 2, timeout_s=5, what="the slow call")


def test_a_renamed_entity_is_gone_under_its_old_id(
    home: StandInHomeAssistant, rest: Client, ws: WebsocketClient
) -> None:
    """A trigger for the old id hears that there is no state any more."""
    with ws.listen_trigger("state", entity_id=[PAD]) as fired:
        home.rename(PAD, "switch.mattress")
        trigger = next(fired)["trigger"]
    assert (trigger["entity_id"], trigger["to_state"]) == (PAD, None)
    assert {state.entity_id for state in rest.get_states()} == {AC, SENSOR, "switch.mattress"}
    rest.trigger_service("switch", "turn_on", entity_id="switch.mattress")
    assert rest.get_state(entity_id="switch.mattress").state == "on"
