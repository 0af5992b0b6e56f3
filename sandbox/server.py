"""The HTTP front: one port for every vendor, keep-alive, and connections that really break."""

from __future__ import annotations

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from sandbox.request import Request, Response
from sandbox.statefile import StateFile
from sandbox.world import Sandbox

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
REASONS = {420: "Method Failed"}


class SandboxServer:
    """Serve a sandbox on a loopback address. `port` 0 takes a free one; `url` says which.

    With `state_file` the state is read from it at the start, if it exists, and saved after every committed write,
    before the answer is sent.
    """

    def __init__(
        self, sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0, state_file: Path | None = None
    ) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"host {host!r}: the sandbox's passwords are public, so it serves loopback addresses only")
        self.sandbox = sandbox
        if state_file is not None:
            StateFile(state_file).attach(sandbox)
        self._listener = _Listener((host, port), sandbox)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        host, port = self._listener.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end every connection, and let go what faults hold."""
        self.sandbox.faults.clear()
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a defect of the sandbox and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.server_close()
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            _end(connection)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the client was killed while it sent: no vendor carries out half a request
            self.close_connection = True
            return
        answer = self.server.sandbox.handle(Request.of(self.command, self.path, dict(self.headers.items()), body))
        if isinstance(answer, Response):
            self._send(answer, answer.body)
            return
        self.close_connection = True
        if answer.partial is not None:
            self._send(answer.partial, answer.partial.body[: len(answer.partial.body) // 2])

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer

    def _send(self, answer: Response, body: bytes) -> None:
        self.send_response(answer.status, REASONS.get(answer.status))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are in the journal, not on the terminal."""


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
