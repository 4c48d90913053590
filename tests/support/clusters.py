"""A dask cluster of real processes, and an S3 server of this machine that can be told to fail."""

import contextlib
import subprocess
import sys
import threading
import time

import httpx

WORKERS = 2
SCHEDULER = [
    "-m",
    "distributed.cli.dask_scheduler",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--dashboard-address",
    "127.0.0.1:0",
]
WORKER = ["-m", "distributed.cli.dask_worker", "--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard",
          "--host", "127.0.0.1", "--death-timeout", "120"]  # fmt: skip


class Cluster:
    """A scheduler and its workers, each a process; `address` of the scheduler."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "scheduler.json"
        self.scheduler = self._start([*SCHEDULER, "--scheduler-file", str(self.file)])
        until(self.file.exists)
        self.workers = [self.add() for _ in range(WORKERS)]

    @property
    def address(self):
        import json  # noqa: PLC0415

        return json.loads(self.file.read_text())["address"]

    def add(self):
        """One worker more."""
        return self._start([*WORKER, "--scheduler-file", str(self.file), "--local-directory", str(self.folder)])

    def _start(self, arguments):
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen([sys.executable, *arguments], stdout=log, stderr=log)

    def close(self):
        """End every process that is left."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait()


def until(found, seconds=120):
    """Wait for `found` to be true."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.05)


class Flaky:
    """The S3 server moto, which answers 503 to each `every`-th request, or to none if that is 0."""

    def __init__(self):
        from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415

        self.inner, self.every, self.asked = DomainDispatcherApplication(create_backend_app), 0, 0

    def __call__(self, environ, start_response):
        self.asked += 1
        if self.every and self.asked % self.every == 0:
            start_response("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        return self.inner(environ, start_response)


@contextlib.contextmanager
def s3_server():
    """The server and its address; it listens on this machine alone."""
    from werkzeug.serving import make_server  # noqa: PLC0415

    app = Flaky()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    httpx.post(f"{address}/moto-api/reset", trust_env=False).raise_for_status()
    try:
        yield app, address
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
