"""The stand-in's REST API, with the status codes of a real Home Assistant."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from integration.demo.ha_core import Core
from integration.demo.ha_services import (
    InvalidFormatError,
    ServiceFailedError,
    ServiceNotFoundError,
    ServiceValidationError,
)
from integration.demo.ha_websocket import Connection

Endpoint = Callable[[Request], Awaitable[Response]]


def application(core: Core) -> ASGIApp:
    """Return the whole server: REST, WebSocket, and the faults in front of both."""
    answers: dict[str, Callable[[], object]] = {
        "/api/": lambda: {"message": "API running."},
        "/api/config": core.config,
        "/api/states": lambda: [state.as_json() for state in core.states.all()],
        "/api/services": lambda: [{"domain": key, "services": value} for key, value in core.services().items()],
    }
    routes = [Route(path, for_owner(core, reading(answer))) for path, answer in answers.items()]
    routes.append(Route("/api/states/{entity_id}", for_owner(core, one_state(core))))
    routes.append(Route("/api/services/{domain}/{service}", for_owner(core, calling(core)), methods=["POST"]))
    routes.append(Route("/api/events/{event_type}", for_owner(core, firing(core)), methods=["POST"]))

    async def websocket(socket: WebSocket) -> None:
        await Connection(core, socket).serve()

    not_found = {404: plain(404, "Not Found"), 405: plain(405, "Method Not Allowed")}
    app = Starlette(
        routes=[*routes, WebSocketRoute("/api/websocket", websocket)],
        exception_handlers=not_found,
    )
    return behind_faults(core, app)


def for_owner(core: Core, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint for those who have the token; 401 for everybody else."""

    async def checked(request: Request) -> Response:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not core.lets_in(given):
            return PlainTextResponse("401: Unauthorized", 401)
        return await endpoint(request)

    return checked


def reading(answer: Callable[[], object]) -> Endpoint:
    """Return an endpoint that answers with what the function returns."""

    async def read(_: Request) -> Response:
        return JSONResponse(answer())

    return read


def one_state(core: Core) -> Endpoint:
    """Return the endpoint for one entity."""

    async def read(request: Request) -> Response:
        state = core.states.get(request.path_params["entity_id"])
        if state is None:
            return JSONResponse({"message": "Entity not found."}, 404)
        return JSONResponse(state.as_json())

    return read


def calling(core: Core) -> Endpoint:
    """Return the endpoint of a service: 400 JSON means refused with a reason, 400 text means malformed."""

    async def call(request: Request) -> Response:
        try:
            body = await json_body(request)
        except ValueError:
            return JSONResponse({"message": "Data should be valid JSON."}, 400)
        try:
            core.call(request.path_params["domain"], request.path_params["service"], body)
        except (ServiceNotFoundError, InvalidFormatError):
            return PlainTextResponse("400: Bad Request", 400)
        except ServiceValidationError as error:
            return JSONResponse({"message": str(error)}, 400)
        except ServiceFailedError as error:
            return JSONResponse({"message": str(error)}, 500)
        return JSONResponse([])  # a device answers after the call, so nothing has changed yet

    return call


def firing(core: Core) -> Endpoint:
    """Return the endpoint that fires an event."""

    async def fire(request: Request) -> Response:
        event_type = request.path_params["event_type"]
        try:
            body = await json_body(request)
        except ValueError:
            return JSONResponse({"message": "Event data should be valid JSON."}, 400)
        if not isinstance(body, dict):
            return JSONResponse({"message": "Event data should be a JSON object"}, 400)
        core.states.fire(event_type, body, core.user_id)
        return JSONResponse({"message": f"Event {event_type} fired."})

    return fire


async def json_body(request: Request) -> object:
    """Return the decoded body, an empty one as no data; raise ValueError when it is not JSON."""
    decoded: object = json.loads(await request.body() or b"{}")
    return decoded


def plain(status: int, phrase: str) -> Callable[[Request, Exception], Response]:
    """Return the handler that answers a routing error as Home Assistant does."""
    return lambda _request, _error: PlainTextResponse(f"{status}: {phrase}", status)


def behind_faults(core: Core, app: ASGIApp) -> ASGIApp:
    """Return the application as the faults let it be seen."""

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = await arrived(receive)
        await core.faults.pass_through()
        status = core.faults.refusal()
        if status is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(Response(status_code=status))
        else:
            await PlainTextResponse(f"{status}", status)(scope, receive, send)

    return gate


async def arrived(receive: Receive) -> Receive:
    """Return a receive that has the request already: it is served even if its client gives up meanwhile.

    A real Home Assistant does so too, once it thaws.
    """
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    messages.reverse()

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
