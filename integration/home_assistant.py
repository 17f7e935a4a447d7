"""Home Assistant: states over a WebSocket of their own, commands over another, so that a slow call delays no state.

homeassistant-api brings neither reconnecting nor typed network errors: both are here, and nowhere else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

import niquests
from homeassistant_api import WebsocketClient
from homeassistant_api.errors import HomeassistantAPIError, ResponseError, UnauthorizedError
from homeassistant_api.models.websocket import FiredTrigger

from config.home import HomeAssistant
from devices.actions import Action
from integration.clock import Clock
from integration.inbox import ActionSeen, Inbox, PeerSeen, StateSeen
from integration.private import masked
from integration.trust import tls_problem

log = logging.getLogger("unclench.home_assistant")

ANSWER_S = 10.0
"""How long Home Assistant may take for an answer; also how often a silent connection is pinged."""
BACKOFF_S = (1.0, 2.0, 4.0, 8.0)
REFUSED_S = 60.0
"""A token that is refused stays so, and Home Assistant notes every try, or bans who tries too often."""
ATTEMPTS = 2
"""The second over a new connection: the old one may have been closed while nobody used it."""
LONGEST_REASON = 300
"""Characters that are kept of why Home Assistant refused something."""
RECYCLE_CALLS = 5_000
"""The library keeps an entry for each call for ever: the connection is renewed before that counts."""

# An OSError is a socket's; the others are what the library makes of a connection or an answer it does not expect.
BROKEN = (
    HomeassistantAPIError,
    niquests.exceptions.RequestException,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
)


def quiet_library_logs() -> None:
    """The library logs every received state at INFO: health data must not get there."""
    logging.getLogger("homeassistant_api").setLevel(logging.WARNING)


def connect(settings: HomeAssistant, token: str) -> WebsocketClient:
    """A connection that is not opened yet."""
    session = niquests.Session(timeout=ANSWER_S)
    session.max_redirects = 0  # the token goes to the address in home.yaml, and to no other
    if settings.ca is not None:
        session.verify = str(settings.ca)
        session.trust_env = False  # else a variable of the environment that names other authorities wins
    return WebsocketClient(f"{settings.url}/api/websocket", token, session=session)


class StateWatcher:
    """Follows the states of our entities, and knows whether Home Assistant is there."""

    def __init__(self, settings: HomeAssistant, token: str, entities: list[str], inbox: Inbox, clock: Clock) -> None:
        self._settings, self._token, self._entities = settings, token, entities
        self._inbox, self._clock = inbox, clock
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._client: WebsocketClient | None = None
        self._up: bool | None = None
        self._refused = False
        self._fahrenheit = False
        self.received = 0

    def start(self) -> None:
        """Follow in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="home-assistant-states", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        _close(self._client)
        if self._thread is not None:
            self._thread.join(timeout=ANSWER_S)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def connected(self) -> bool:
        """Whether Home Assistant is there and running."""
        return bool(self._up)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            shortest = 0.0
            try:
                with connect(self._settings, self._token) as client:
                    self._client = client
                    self._wait_until_running(client)
                    failures = 0
                    self._follow(client)
            except UnauthorizedError:
                shortest = REFUSED_S
                self._tell(up=False, why="it refuses the token")
                self._tell_of_the_token()
            except BROKEN as error:
                problem = tls_problem(error)
                self._tell(
                    up=False, why=type(error).__name__ if problem is None else f"{problem.says}. {problem.remedy}"
                )
            self._client = None
            failures += 1
            self._stop.wait(max(shortest, BACKOFF_S[min(failures, len(BACKOFF_S)) - 1]))

    def _wait_until_running(self, client: WebsocketClient) -> None:
        """Before RUNNING half of the entities are missing and services do nothing."""
        while not self._stop.is_set() and client.get_config().get("state") != "RUNNING":
            self._stop.wait(0.5)

    def _follow(self, client: WebsocketClient) -> None:
        me = _own_user(client)
        self._fahrenheit = client.get_config().get("unit_system", {}).get("temperature") == "°F"
        # Subscribed before the states are read: what changes in between is seen twice, and never missed.
        subscription = client.send("subscribe_trigger", trigger={"platform": "state", "entity_id": self._entities})
        client.recv_result(subscription)
        known = {state.entity_id: state for state in client.get_states()}
        for entity in self._entities:
            state = known.get(entity)
            if state is None and entity.startswith("notify."):
                continue  # a phone is a service without a state: it is not gone
            self._see(entity, state.state if state else "unavailable", state.attributes if state else {})
        self._tell(up=True)
        while not self._stop.is_set():
            change = _next_change(client, subscription)
            if change is None:
                continue
            new = change.get("to_state") or {}
            user = (new.get("context") or {}).get("user_id")
            # Home Assistant lends our call's context to reports soon after it: ours proves nothing, another's does.
            by_person = True if user is not None and me is not None and user != me else None
            state_now, attributes = str(new.get("state", "unavailable")), new.get("attributes") or {}
            self._see(str(change.get("entity_id")), state_now, attributes, by_person=by_person)
            self.received += 1  # after the inbox has it: who counts may rely on it

    def _see(self, entity: str, state: str, attributes: dict[str, Any], *, by_person: bool | None = None) -> None:
        if self._fahrenheit and entity.startswith("climate."):
            attributes = {"temperature_unit": "°F", **attributes}  # 2026.11 says it itself, 2025.4 does not
        self._inbox.put(StateSeen(entity, state, attributes, self._clock.now(), by_person))

    def _tell(self, *, up: bool, why: str = "") -> None:
        """One line and one event when it goes and when it comes, not one for each attempt."""
        if up == self._up or self._stop.is_set():
            return
        self._up = up
        if up:
            self._refused = False
            log.info("Home Assistant %s connected", self._settings.url)
        else:
            log.warning("Home Assistant %s is away (%s); trying again until it works", self._settings.url, why)
        self._inbox.put(PeerSeen("home_assistant", up=up, at=self._clock.now()))

    def _tell_of_the_token(self) -> None:
        """Once, also where the connection was lost before: without a person it will not heal."""
        if not self._refused:
            log.warning(
                "Home Assistant %s refuses the token: put a new one into the secrets file, and start Unclench again",
                self._settings.url,
            )
        self._refused = True


def _next_change(client: WebsocketClient, subscription: int) -> dict[str, Any] | None:
    """The next change; None after a silence that a ping has shown to be one. A frozen host closes nothing."""
    try:
        fired = client.recv_event(subscription).event
    except niquests.exceptions.ReadTimeout:
        client.ping_latency()
        return None
    return fired.variables.get("trigger") if isinstance(fired, FiredTrigger) else None


def _own_user(client: WebsocketClient) -> str | None:
    try:
        user = client.recv_result_dict(client.send("auth/current_user")).get("id")
    except ResponseError:
        return None
    return user if isinstance(user, str) else None


class Caller:
    """Carries out actions, one after the other, in a thread of its own: it may hang and delay nothing else."""

    def __init__(  # noqa: PLR0913 (its edges)
        self,
        name: str,
        settings: HomeAssistant,
        token: str,
        inbox: Inbox,
        clock: Clock,
        *,
        leaving: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``leaving`` is called with the id of an action that must not be repeated, just before it is sent."""
        self._name, self._settings, self._token = name, settings, token
        self._inbox, self._clock, self._leaving = inbox, clock, leaving
        self._queue: SimpleQueue[tuple[str, Action] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._client: WebsocketClient | None = None
        self._calls = 0
        self.given = 0
        self.finished = 0

    def start(self) -> None:
        """Work in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name=f"home-assistant-{self._name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what is still waiting is not carried out."""
        try:
            while True:
                self._queue.get_nowait()
        except Empty:
            self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout=ANSWER_S)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread is not None and self._thread.is_alive()

    def put(self, person: str, action: Action) -> None:
        """Carry out an action soon; what became of it comes to the inbox."""
        self.given += 1
        self._queue.put((person, action))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            person, action = item
            result, reason = self._carry_out(action)
            self._inbox.put(ActionSeen(person, action.id, result, reason, self._clock.now()))
            self.finished += 1
        self._drop()

    def _carry_out(self, action: Action) -> tuple[str, str]:
        """What became of it. "Sent" also where no answer came: then it may be done yet, however late."""
        for _ in range(ATTEMPTS):
            if self._clock.now() >= action.expires_at:
                return "expired", ""
            used, sent = self._client is not None, False
            try:
                client = self._opened()
                # A frozen Home Assistant would do it when it thaws; a connection that was closed swallows it.
                client.ping_latency()
                if action.once:
                    self._leaving(action.id)
                sent = True
                domain, _, service = action.service.partition(".")
                data = dict(action.data) if action.entity is None else {"entity_id": action.entity, **action.data}
                client.trigger_service(domain, service, **data)
            except ResponseError as error:
                return "refused", masked(str(error))[:LONGEST_REASON]
            except BROKEN as error:
                self._drop()
                if sent:  # asked for twice, a slow one would be done twice
                    return "sent", "no answer"
                # One that Home Assistant closed while nobody used it is found out only now; one that hangs stays so.
                if not used or isinstance(error, niquests.exceptions.Timeout):
                    return "unreachable", type(error).__name__
            else:
                return "sent", ""
        return "unreachable", ""

    def _opened(self) -> WebsocketClient:
        self._calls += 1
        if self._client is not None and self._calls > RECYCLE_CALLS:
            self._drop()
        if self._client is None:
            self._client = connect(self._settings, self._token).__enter__()
            self._calls = 0
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        _close(client)


def _close(client: WebsocketClient | None) -> None:
    if client is None:
        return
    try:
        client.__exit__(None, None, None)
    except BROKEN:
        log.debug("closing a broken connection")
