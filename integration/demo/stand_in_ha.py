"""A stand-in for Home Assistant, for the demo and for tests: a real server, a simulated home, faults on demand."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Self

import uvicorn

from integration.clock import SystemClock
from integration.demo.ha_core import Core, OnService
from integration.demo.ha_entities import Climate, Cover, Entity, Fan, Light, Sensor, Switch
from integration.demo.ha_messages import NotifyEntity, NotifyService, Script, Speaker, Voice
from integration.demo.ha_rest import application
from integration.demo.ha_services import ServiceCall
from integration.demo.ha_states import Attributes, Clock, State

__all__ = [
    "Climate",
    "Cover",
    "Entity",
    "Fan",
    "Light",
    "NotifyEntity",
    "NotifyService",
    "Script",
    "Sensor",
    "ServiceCall",
    "Speaker",
    "StandInHomeAssistant",
    "State",
    "Switch",
    "Voice",
]

START_TIMEOUT_S = 10.0
REAL_TIME = SystemClock().now


class StandInHomeAssistant:
    """Speaks REST and WebSocket like Home Assistant 2026.11 on a loopback port, from a thread of its own.

    Every method may be called from any thread. `stop` and `start` again keep port, entities and states.
    """

    def __init__(self, token: str, clock: Clock = REAL_TIME, port: int = 0) -> None:
        self._core = Core(token, clock)
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The address without a path: REST is at /api, WebSocket at /api/websocket."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def token(self) -> str:
        """The only token that is let in."""
        return self._core.token

    @property
    def user_id(self) -> str:
        """The user whose token it is: the `user_id` in the context of what our calls cause."""
        return self._core.user_id

    def start(self) -> None:
        """Return when requests are answered."""
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(
            application(self._core),
            http="h11",
            ws="wsproto",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            ws_ping_interval=None,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        server = self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(server, listening), name="stand-in-ha", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                message = "the stand-in for Home Assistant did not start"
                raise RuntimeError(message)
            time.sleep(0.005)

    def stop(self) -> None:
        """End every connection and give the port back; harmless when it is not running."""
        if self._server is None or self._thread is None:
            return
        self.drop_connections()
        self._core.faults.frozen = False
        self._server.should_exit = True
        self._thread.join()
        self._server = self._thread = self._loop = None

    def _run(self, server: uvicorn.Server, listening: socket.socket) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[listening])

        asyncio.run(serve())

    # The home

    def add(self, *things: Entity | NotifyService) -> None:
        """Add entities and services, before or after the start."""
        for thing in things:
            self._core.add(thing)

    def state(self, entity_id: str) -> State | None:
        """Return what is known of an entity."""
        return self._core.states.get(entity_id)

    def set_state(
        self,
        entity_id: str,
        state: str | None = None,
        attributes: Attributes | None = None,
        *,
        user_id: str | None = None,
    ) -> None:
        """Let a device report: the attributes given replace those it has, an unavailable one is back.

        Within five seconds of a call on the entity the report carries the context of that call, as in a real Home
        Assistant; later, or after a person's hand on the device, its `user_id` is None. Give a `user_id` for a person
        who used Home Assistant's own app.
        """
        self._core.report(entity_id, state, attributes or {}, user_id)

    def fire_event(self, event_type: str, data: Attributes, *, user_id: str | None = None) -> None:
        """Tell subscribers of an event, such as the tap on a phone's notification."""
        self._core.states.fire(event_type, data, user_id)

    def on_service(self, callback: OnService) -> None:
        """Call back in the server's thread (so do not block) after the check of a call, with the entities it reaches.

        Return True when a simulated device will answer through `set_state`; False: the entity takes the state.
        """
        self._core.on_service = callback

    @property
    def calls(self) -> tuple[ServiceCall, ...]:
        """Every call answered with success, in order; `reached` is empty where nothing was done."""
        return tuple(self._core.calls)

    @property
    def events_sent(self) -> int:
        """How many events went out to subscribers; already counted when `set_state` returns."""
        return self._core.events_sent

    @property
    def logins_refused(self) -> int:
        """How often somebody came with a token that is not let in."""
        return self._core.logins_refused

    def set_phase(self, phase: str) -> None:
        """Set the state of the home itself: while it is not RUNNING, calls succeed and do nothing."""
        self._core.phase = phase

    # Faults

    def refuse(self, status: int, seconds: float | None = None) -> None:
        """Answer every request with an HTTP status, for some seconds or until `clear_faults`."""
        self._core.faults.refuse(status, seconds)

    def freeze(self) -> None:
        """Accept connections and never answer; what was asked is done after `thaw`."""
        self._core.faults.frozen = True

    def thaw(self) -> None:
        """Undo `freeze`."""
        self._core.faults.frozen = False

    def delay(self, seconds: float) -> None:
        """Wait so long before every answer; 0 undoes it."""
        self._core.faults.delay_s = seconds

    def revoke_token(self) -> None:
        """Let the token in no more, and end the connections that were opened with it, as Home Assistant does."""
        self._core.faults.revoked = True
        self.drop_connections()

    def slow(self, entity_id: str, seconds: float) -> None:
        """Let each call on an entity take so long; others go on meanwhile, and it is done although nobody waits."""
        self._core.faults.slow_s[entity_id] = seconds

    def rename(self, entity_id: str, new_id: str) -> None:
        """Give an entity another id, as somebody may in Home Assistant's settings."""
        self._core.rename(entity_id, new_id)

    def ignore(self, entity_id: str) -> None:
        """Answer calls on the entity with success and do nothing."""
        self._core.faults.ignoring.add(entity_id)

    def make_unavailable(self, entity_id: str) -> None:
        """Lose an entity until `set_state`, which without a state brings back the old one."""
        self._core.lose(entity_id)

    def drop_connections(self) -> None:
        """Cut every connection in the middle, without a goodbye; from another thread, return when it is done."""
        server, loop = self._server, self._loop
        if server is None or loop is None:
            return

        async def cut() -> None:
            for connection in tuple(server.server_state.connections):
                if connection.transport is not None:
                    connection.transport.abort()
            await asyncio.sleep(0)

        cutting = asyncio.run_coroutine_threadsafe(cut(), loop)
        if threading.current_thread() is not self._thread:
            cutting.result()

    def clear_faults(self) -> None:
        """Undo refuse, freeze, delay, revoke_token, slow and ignore."""
        self._core.faults.clear()
