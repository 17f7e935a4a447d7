"""What our edge relies on, asked of the stand-in and of two real versions through the library that the edge uses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import niquests
import pytest
from homeassistant_api import Client, State, WebsocketClient
from homeassistant_api.errors import (
    EndpointNotFoundError,
    InternalServerError,
    ReceivingError,
    RequestError,
    ResponseError,
    UnauthorizedError,
)
from homeassistant_api.models.websocket import FiredEvent

from devices.control.cover import SETS_POSITION
from tests.conftest import REAL_VERSIONS, StartHomeAssistant
from tests.integration.homes import AC, BLIND, FAN, LAMP, PAD, ROOM_C, SENSOR, Home, RealHome, StandInHome
from tests.peers.mqtt_bedroom import MqttBedroom

MALFORMED = [
    pytest.param(("climate", "set_temperature", {"entity_id": AC, "temperature": "warm"}), id="not a number"),
    pytest.param(("climate", "set_temperature", {"entity_id": AC}), id="no temperature"),
    pytest.param(("climate", "set_temperature", {"temperature": 20}), id="no entity"),
    pytest.param(("climate", "set_hvac_mode", {"entity_id": AC, "hvac_mode": "freeze"}), id="no such mode anywhere"),
    pytest.param(("climate", "turn_on", {"entity_id": AC, "reason": "heat"}), id="a key too many"),
    pytest.param(("fan", "set_percentage", {"entity_id": FAN, "percentage": 120}), id="more than all"),
    pytest.param(("cover", "set_cover_position", {"entity_id": BLIND}), id="no position"),
    pytest.param(
        ("light", "turn_on", {"entity_id": LAMP, "brightness": 9, "brightness_pct": 9}), id="two brightnesses"
    ),
    pytest.param(
        ("light", "turn_on", {"entity_id": LAMP, "color_temp_kelvin": 2200, "rgb_color": [255, 147, 41]}),
        id="two colours",
    ),
    pytest.param(("switch", "turn_on", {"entity_id": "the pad"}), id="not an entity id"),
    pytest.param(("notify", "send_message", {"entity_id": "notify.bedside_display"}), id="no message"),
    pytest.param(("notify", "persistent_notification", {"title": "Stretch?"}), id="no message for a phone"),
]


@pytest.fixture(params=["stand-in", *REAL_VERSIONS])
def home(request: pytest.FixtureRequest, start_home_assistant: StartHomeAssistant) -> Iterator[Home]:
    """Return a home with everything off."""
    if request.param == "stand-in":
        simulated = StandInHome()
        simulated.reset()
        yield simulated
        simulated.stand_in.stop()
        return
    broker, home_assistant = start_home_assistant(request.param)
    with MqttBedroom(broker.port) as bedroom:
        real = RealHome(home_assistant, bedroom)
        real.reset()
        yield real


@pytest.fixture
def session() -> Iterator[niquests.Session]:
    """Return a session whose reads, also those of a WebSocket, do not wait for ever."""
    with niquests.Session(timeout=10) as opened:
        yield opened


@pytest.fixture
def rest(home: Home) -> Iterator[Client]:
    """Return a client as our edge makes it."""
    with niquests.Session(timeout=10) as session:
        yield Client(f"{home.url}/api", home.token, session=session)


@pytest.fixture
def ws(home: Home, session: niquests.Session) -> Iterator[WebsocketClient]:
    """Return an open WebSocket as our edge makes it."""
    with WebsocketClient(f"{home.url}/api/websocket", home.token, session=session) as client:
        yield client


def eventually(read: Callable[[], State], accept: Callable[[State], bool]) -> State:
    """Poll until a state is accepted and return it."""
    deadline = time.monotonic() + 10
    while not accept(state := read()):
        assert time.monotonic() < deadline, f"still {state}"
        time.sleep(0.02)
    return state


# Reading


def test_it_says_that_it_runs(rest: Client, ws: WebsocketClient) -> None:
    """The way to tell a home that starts from one that is ready."""
    assert rest.check_api_running()
    assert rest.get_config()["state"] == ws.get_config()["state"] == "RUNNING"


def test_states_tell_what_a_device_can_do(rest: Client, ws: WebsocketClient) -> None:
    """Modes, limits and features are attributes; times are aware."""
    by_id = {state.entity_id: state for state in rest.get_states()}
    assert by_id.keys() >= {AC, BLIND, FAN, LAMP, PAD, SENSOR}
    assert {state.entity_id for state in ws.get_states()} >= {AC, BLIND, FAN, LAMP, PAD, SENSOR}
    ac = by_id[AC]
    assert (ac.state, ac.attributes["temperature"]) == ("off", 24)
    assert ac.attributes["hvac_modes"] == ["off", "cool", "fan_only", "dry"]
    assert (ac.attributes["min_temp"], ac.attributes["max_temp"], ac.attributes["target_temp_step"]) == (16, 30, 0.5)
    assert by_id[LAMP].attributes["supported_features"] & 32
    assert by_id[SENSOR].attributes["unit_of_measurement"] == "°C"
    assert ac.last_changed.tzinfo is not None


def test_an_unknown_entity_is_not_found(rest: Client) -> None:
    """`check` can name a mapped entity that is not there."""
    with pytest.raises(EndpointNotFoundError):
        rest.get_state(entity_id="climate.attic")


def test_services_are_listed(rest: Client, ws: WebsocketClient) -> None:
    """Also the ones without an entity, such as the notify service of a phone."""
    for domains in (rest.get_domains(), ws.get_domains()):
        assert "set_hvac_mode" in domains["climate"].services
        assert "persistent_notification" in domains["notify"].services
        assert "bedside_prompt" in domains["script"].services


# Calls that have an effect


def test_the_effect_of_a_call_arrives_as_state_changed(rest: Client, ws: WebsocketClient) -> None:
    """With the user of our token in its context: not a person's hand."""
    with ws.listen_events("state_changed") as events:
        changed = rest.trigger_service("climate", "set_temperature", entity_id=AC, temperature=21)
        event = next(events)
    assert {state.entity_id for state in changed} <= {AC}, "a device that is quick is in the answer already"
    assert isinstance(event, FiredEvent)
    new = State.from_json(event.data["new_state"])
    assert (new.entity_id, new.attributes["temperature"]) == (AC, 21)
    assert new.context is not None
    assert new.context.user_id is not None
    assert event.data["old_state"]["attributes"]["temperature"] == 24


def test_a_call_over_the_websocket_has_the_same_effect(rest: Client, ws: WebsocketClient) -> None:
    """The library gives no result, so the state is read."""
    assert ws.trigger_service("climate", "set_hvac_mode", entity_id=AC, hvac_mode="cool") is None  # type: ignore[func-returns-value]
    eventually(lambda: rest.get_state(entity_id=AC), lambda state: state.state == "cool")


@pytest.mark.parametrize(("service", "expected"), [("turn_on", "cool"), ("turn_off", "off")])
def test_an_air_conditioner_is_switched(rest: Client, service: str, expected: str) -> None:
    """`turn_on` picks a mode by itself."""
    rest.trigger_service("climate", service, entity_id=[AC])
    eventually(lambda: rest.get_state(entity_id=AC), lambda state: state.state == expected)


def test_a_lamp_takes_brightness_and_white(rest: Client) -> None:
    """Percent become 0 to 255."""
    wanted = {"brightness_pct": 10, "color_temp_kelvin": 2200, "transition": 5}
    rest.trigger_service("light", "turn_on", entity_id=LAMP, **wanted)
    lamp = eventually(lambda: rest.get_state(entity_id=LAMP), lambda state: state.state == "on")
    assert (lamp.attributes["brightness"], lamp.attributes["color_temp_kelvin"]) == (26, 2200)


def test_a_brightness_of_zero_turns_a_lamp_off(rest: Client) -> None:
    """Whatever the service is called."""
    rest.trigger_service("light", "turn_on", entity_id=LAMP, brightness_pct=40)
    eventually(lambda: rest.get_state(entity_id=LAMP), lambda state: state.state == "on")
    rest.trigger_service("light", "turn_on", entity_id=LAMP, brightness_pct=0)
    eventually(lambda: rest.get_state(entity_id=LAMP), lambda state: state.state == "off")


def test_turning_a_fan_on_with_zero_percent_starts_it(rest: Client) -> None:
    """So a fan is stopped with `turn_off`."""
    rest.trigger_service("fan", "turn_on", entity_id=FAN, percentage=0)
    eventually(lambda: rest.get_state(entity_id=FAN), lambda state: state.state == "on")
    rest.trigger_service("fan", "turn_off", entity_id=FAN)
    eventually(lambda: rest.get_state(entity_id=FAN), lambda state: state.state == "off")


def test_a_blind_is_driven_to_a_position_and_says_where_it_is(rest: Client) -> None:
    """Shut is 0 %, and what is neither is open."""
    rest.trigger_service("cover", "set_cover_position", entity_id=BLIND, position=30)
    blind = eventually(
        lambda: rest.get_state(entity_id=BLIND), lambda state: state.attributes["current_position"] == 30
    )
    assert blind.state == "open"
    assert int(blind.attributes["supported_features"]) & SETS_POSITION
    rest.trigger_service("cover", "close_cover", entity_id=BLIND)
    blind = eventually(lambda: rest.get_state(entity_id=BLIND), lambda state: state.state == "closed")
    assert blind.attributes["current_position"] == 0
    rest.trigger_service("cover", "open_cover", entity_id=BLIND)
    blind = eventually(lambda: rest.get_state(entity_id=BLIND), lambda state: state.state == "open")
    assert blind.attributes["current_position"] == 100


def test_a_prompt_is_accepted(rest: Client, ws: WebsocketClient) -> None:
    """By a display, by a phone's service and by a script."""
    rest.trigger_service("notify", "send_message", entity_id="notify.bedside_display", message="Stretch?")
    phone = {"title": "Stretch?", "message": "Two minutes.", "data": {"tag": "a1"}}
    rest.trigger_service("notify", "persistent_notification", **phone)
    ws.trigger_service("script", "bedside_prompt", title="Stretch?", message="Two minutes.", tag="a1")


# Calls that succeed and do nothing


@pytest.mark.parametrize("entity_id", [AC, "climate.attic", FAN], ids=["unavailable", "unknown", "another domain"])
def test_a_call_that_reaches_nobody_is_a_success(home: Home, rest: Client, ws: WebsocketClient, entity_id: str) -> None:
    """So the state must be read before a call and an event awaited after it."""
    home.lose(AC)
    assert rest.trigger_service("climate", "turn_on", entity_id=entity_id) == ()
    ws.trigger_service("climate", "turn_on", entity_id=entity_id)
    rest.trigger_service("switch", "turn_on", entity_id=PAD)
    eventually(lambda: rest.get_state(entity_id=PAD), lambda state: state.state == "on")
    assert home.commanded == [PAD]


def test_an_unavailable_device_keeps_only_what_it_can_do(home: Home, rest: Client) -> None:
    """Its old mode and temperature are not there to be mistaken for now."""
    home.lose(AC)
    ac = rest.get_state(entity_id=AC)
    assert ac.state == "unavailable"
    assert "temperature" not in ac.attributes
    assert ac.attributes["hvac_modes"] == ["off", "cool", "fan_only", "dry"]


def test_a_mode_beside_a_temperature_is_not_checked(rest: Client) -> None:
    """A device may get a mode it lacks this way: set the mode in a call of its own."""
    rest.trigger_service("climate", "set_temperature", entity_id=AC, temperature=20, hvac_mode="heat")
    eventually(lambda: rest.get_state(entity_id=AC), lambda state: state.attributes["temperature"] == 20)


# Calls that are refused


@pytest.mark.parametrize(("domain", "service"), [("climate", "defrost"), ("oven", "turn_on")])
def test_an_unknown_service_is_refused(rest: Client, ws: WebsocketClient, domain: str, service: str) -> None:
    """The WebSocket says why."""
    with pytest.raises(RequestError, match="400: Bad Request"):
        rest.trigger_service(domain, service, entity_id=AC)
    with pytest.raises(ResponseError, match=r"^\[not_found\] "):
        ws.trigger_service(domain, service, entity_id=AC)


@pytest.mark.parametrize("call", MALFORMED)
def test_a_malformed_call_is_refused(
    home: Home, rest: Client, ws: WebsocketClient, call: tuple[str, str, dict[str, object]]
) -> None:
    """The WebSocket says why, in words that differ between versions."""
    domain, service, data = call
    with pytest.raises(RequestError, match="400: Bad Request"):
        rest.trigger_service(domain, service, **data)
    with pytest.raises(ResponseError, match=r"^\[invalid_format\] "):
        ws.trigger_service(domain, service, **data)
    assert home.commanded == []


def test_a_temperature_out_of_range_is_refused_with_the_range(home: Home, rest: Client, ws: WebsocketClient) -> None:
    """400 with words or 500 without, by version: neither may be tried again."""
    with pytest.raises((RequestError, InternalServerError)):
        rest.trigger_service("climate", "set_temperature", entity_id=AC, temperature=5)
    with pytest.raises(ResponseError, match=r"^\[service_validation_error\] .*16\.0 to 30\.0"):
        ws.trigger_service("climate", "set_temperature", entity_id=AC, temperature=5)
    assert home.commanded == []


def test_a_service_that_a_device_does_not_support_is_refused(rest: Client, ws: WebsocketClient) -> None:
    """An air conditioner without fan speeds."""
    with pytest.raises((RequestError, InternalServerError)):
        rest.trigger_service("climate", "set_fan_mode", entity_id=AC, fan_mode="low")
    with pytest.raises(ResponseError, match=r"^\[service_validation_error\] .*does not support"):
        ws.trigger_service("climate", "set_fan_mode", entity_id=AC, fan_mode="low")


def test_a_mode_that_a_device_lacks_is_refused(home: Home, rest: Client) -> None:
    """By newer versions; the old one sends it to the device, so the modes must be read first."""
    if not home.refuses_a_mode_it_lacks:
        assert rest.trigger_service("climate", "set_hvac_mode", entity_id=AC, hvac_mode="heat") == ()
        return
    with pytest.raises(RequestError, match="heat is not valid"):
        rest.trigger_service("climate", "set_hvac_mode", entity_id=AC, hvac_mode="heat")
    assert home.commanded == []


def test_a_script_without_a_variable_it_needs_fails(rest: Client, ws: WebsocketClient) -> None:
    """500 does not mean that Home Assistant is broken."""
    with pytest.raises(InternalServerError):
        rest.trigger_service("script", "bedside_prompt", title="Stretch?")
    with pytest.raises(ResponseError, match=r"^\[home_assistant_error\] "):
        ws.trigger_service("script", "bedside_prompt", title="Stretch?")


def test_a_wrong_token_is_refused(home: Home, session: niquests.Session) -> None:
    """On both roads."""
    with pytest.raises(UnauthorizedError):
        Client(f"{home.url}/api", "wrong", session=session).get_config()
    websocket = WebsocketClient(f"{home.url}/api/websocket", "wrong", session=session)
    with pytest.raises(UnauthorizedError), websocket:
        pass
    websocket._ws.close()


def test_the_connection_outlives_a_refused_call(ws: WebsocketClient) -> None:
    """An error is an answer like any other."""
    with pytest.raises(ResponseError):
        ws.trigger_service("climate", "defrost", entity_id=AC)
    assert ws.ping_latency() > 0


# Hearing of changes


def test_a_report_of_a_device_has_no_user(home: Home, ws: WebsocketClient) -> None:
    """Nobody did it through Home Assistant."""
    with ws.listen_events("state_changed") as events:
        home.measure(27.0)
        event = next(events)
    assert isinstance(event, FiredEvent)
    assert event.context is not None
    assert (event.context.user_id, event.context.parent_id) == (None, None)
    assert event.data["new_state"]["state"] == "27.0"
    assert event.data["new_state"]["context"]["id"] == event.context.id


def test_a_report_that_says_nothing_new_is_no_event(home: Home, ws: WebsocketClient) -> None:
    """The first event is the first change."""
    with ws.listen_events("state_changed") as events:
        home.measure(ROOM_C)
        home.measure(28.5)
        event = next(events)
    assert isinstance(event, FiredEvent)
    assert event.data["new_state"]["state"] == "28.5"


def test_a_state_trigger_tells_of_the_named_entities_only(home: Home, rest: Client, ws: WebsocketClient) -> None:
    """With whole states, and the context of whatever caused it."""
    with ws.listen_trigger("state", entity_id=[AC, SENSOR]) as fired:
        rest.trigger_service("switch", "turn_on", entity_id=PAD)
        home.measure(29.0)
        trigger = next(fired)["trigger"]
    assert (trigger["platform"], trigger["entity_id"]) == ("state", SENSOR)
    assert (trigger["from_state"]["state"], trigger["to_state"]["state"]) == (str(ROOM_C), "29.0")
    to_state = State.from_json(trigger["to_state"])
    assert to_state.attributes["unit_of_measurement"] == "°C"
    assert to_state.context is not None
    assert to_state.context.user_id is None


def test_a_state_trigger_fires_for_attributes_too(rest: Client, ws: WebsocketClient) -> None:
    """A new target temperature is news, though the mode stays."""
    with ws.listen_trigger("state", entity_id=[AC]) as fired:
        rest.trigger_service("climate", "set_temperature", entity_id=AC, temperature=22.5)
        trigger = next(fired)["trigger"]
    assert (trigger["from_state"]["state"], trigger["to_state"]["state"]) == ("off", "off")
    assert trigger["to_state"]["attributes"]["temperature"] == 22.5
    assert trigger["to_state"]["context"]["user_id"] is not None


def test_a_state_trigger_may_name_an_entity_that_is_not_there_yet(home: Home, ws: WebsocketClient) -> None:
    """So a home can be subscribed to before every device has reported."""
    with ws.listen_trigger("state", entity_id=["climate.attic", SENSOR]) as fired:
        home.measure(30.0)
        assert next(fired)["trigger"]["entity_id"] == SENSOR


def test_a_trigger_with_a_mistake_is_refused(ws: WebsocketClient) -> None:
    """The error comes out of the `with`."""
    with pytest.raises(ResponseError, match=r"^\[invalid_format\] "), ws.listen_trigger("state", colour="red"):
        pass


def test_a_connection_is_usable_after_a_subscription(home: Home, ws: WebsocketClient) -> None:
    """Leaving the `with` unsubscribes; changes after it bother nobody."""
    with ws.listen_trigger("state", entity_id=[SENSOR]) as fired:
        home.measure(26.5)
        next(fired)
    home.measure(27.5)
    assert ws.ping_latency() > 0
    assert {state.entity_id for state in ws.get_states()} >= {AC}


def test_a_loss_and_a_return_are_changes(home: Home, ws: WebsocketClient) -> None:
    """`unavailable` is a state like any other."""
    with ws.listen_trigger("state", entity_id=[PAD]) as fired:
        home.lose(PAD)
        assert next(fired)["trigger"]["to_state"]["state"] == "unavailable"


def test_an_event_that_is_fired_reaches_its_subscribers(home: Home, rest: Client, ws: WebsocketClient) -> None:
    """A tap on a phone arrives this way; other events do not come along."""
    with ws.listen_events("mobile_app_notification_action") as events:
        home.measure(24.5)
        rest.fire_event("mobile_app_notification_action", action="done", tag="a1")
        event = next(events)
    assert isinstance(event, FiredEvent)
    assert (event.event_type, event.data) == ("mobile_app_notification_action", {"action": "done", "tag": "a1"})


# Restart


def test_after_a_restart_everything_is_there_again(home: Home, rest: Client, session: niquests.Session) -> None:
    """The REST client needs nothing; the WebSocket must be entered and subscribed again."""
    lost = WebsocketClient(f"{home.url}/api/websocket", home.token, session=session)
    gone = pytest.raises((ReceivingError, niquests.exceptions.RequestException))
    with ThreadPoolExecutor() as pool:
        with gone, lost, lost.listen_trigger("state", entity_id=[SENSOR]) as fired:
            restarting = pool.submit(home.restart)
            next(fired)
        restarting.result()
    assert rest.get_config()["state"] == "RUNNING"
    eventually(lambda: rest.get_state(entity_id=SENSOR), lambda state: state.state == str(ROOM_C))
    with lost, lost.listen_trigger("state", entity_id=[SENSOR]) as fired:
        home.measure(31.0)
        assert next(fired)["trigger"]["to_state"]["state"] == "31.0"
