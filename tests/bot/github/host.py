"""A real server that gives the answers it was told to, for what the sandbox would never answer."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """One answer; `body` is sent as JSON unless it is bytes, after `delay` seconds.

    `short` announces more bytes than come.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    short: bool = False


@dataclass
class Host:
    """Answers in order, the last one for ever; `asked` is (method, path, headers, body)."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def host(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Serve the answers on a free port of the loopback, over TLS where a context is given."""
    told = Host("", list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append((self.command, self.path, headers, body))
            answer = told.answers[min(len(told.asked), len(told.answers)) - 1]
            time.sleep(answer.delay)
            is_bytes = isinstance(answer.body, bytes)
            content = answer.body if is_bytes else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content) + 9 * answer.short))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = answer.short

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that gave up is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    told.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/api/v3"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
