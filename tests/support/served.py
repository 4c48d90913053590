"""A server in a thread of the test, on a free port of loopback."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import uvicorn

from simulator.live.desk import Live
from simulator.server.app import create_app


@contextlib.contextmanager
def served(live: Live) -> Iterator[httpx.Client]:
    """Serve `live` for a while; gives a client of it."""
    server = uvicorn.Server(uvicorn.Config(create_app(live), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(1_000):
        if server.started:
            break
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)


def log_on(client: httpx.Client, staff: str, purpose: str, case_no: str | None = "2025-100001") -> dict[str, Any]:
    """Headers of a new session of `staff`."""
    token = client.post("/v1/session", json={"staff": staff}).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "X-Purpose": purpose, "X-Grounds": "application"}
    return headers if case_no is None else {**headers, "X-Case-No": case_no}
