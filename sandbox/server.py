"""Run the stand-in on a loopback port, in a thread, for tests."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from sandbox.github import Sandbox


@contextmanager
def serve(github: Sandbox, *, port: int = 0) -> Iterator[str]:
    """Serve on 127.0.0.1 while the block runs and give its address, "http://127.0.0.1:41234".

    Port 0 means a free one. The stand-in's own addresses are set to the same.

    Raises:
        OSError: The port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    github.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(github.asgi(), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
    )
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        yield github.url
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
