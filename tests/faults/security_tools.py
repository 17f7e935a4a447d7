"""What the tests of security share: a door with TLS before a server, and a search of everything that was written."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def tls_door(port: int, key: Path, certificate: Path) -> Iterator[int]:
    """Let what comes over TLS through to a port without; gives the port of the door."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)
    over = threading.Event()

    def let_in() -> None:
        while not over.is_set():
            try:
                guest, _ = listening.accept()
            except TimeoutError:
                continue
            threading.Thread(target=_through, args=(guest, context, port, over), daemon=True).start()

    door = threading.Thread(target=let_in, daemon=True)
    door.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        door.join()
        listening.close()


def _through(guest: socket.socket, context: ssl.SSLContext, port: int, over: threading.Event) -> None:
    with suppress(OSError), guest:
        guest.settimeout(5)
        with (
            context.wrap_socket(guest, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", port)) as inside,
        ):
            outside.settimeout(0.05)
            inside.settimeout(0.05)
            while not over.is_set():
                for source, target in ((outside, inside), (inside, outside)):
                    with suppress(TimeoutError):
                        taken = source.recv(65536)
                        if not taken:
                            return
                        target.sendall(taken)


@contextmanager
def eavesdropper() -> Iterator[tuple[int, bytearray]]:
    """A listener that answers nothing and notes what is said to it."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)
    heard, over = bytearray(), threading.Event()

    def note() -> None:
        while not over.is_set():
            with suppress(OSError):  # a guest who waits no longer, and a moment without one
                guest, _ = listening.accept()
                with guest:
                    guest.settimeout(1)
                    heard.extend(guest.recv(65536))

    listener = threading.Thread(target=note, daemon=True)
    listener.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        over.set()
        listener.join()
        listening.close()


@contextmanager
def sent_on(address: str) -> Iterator[int]:
    """A web server that sends everybody on to another address."""

    class SendOn(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(307)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), SendOn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def parrot(words: str) -> Iterator[int]:
    """A web server that answers everything with an error in which it repeats what it was told, and these words."""

    class Parrot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"{words} {self.headers}".encode()
            self.send_response(500, f"error {words}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Parrot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def found_in(folder: Path, words: bytes) -> list[str]:
    """The files below a folder that hold these words."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]
