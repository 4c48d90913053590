"""A dask cluster of real processes, and an S3 server of this machine that can be told to fail."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time

import httpx
import pytest

WORKERS = 2
SCHEDULER = ["-m", "distributed.cli.dask_scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
WORKER = ["-m", "distributed.cli.dask_worker", "--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard",
          "--death-timeout", "120"]  # fmt: skip
QUICK = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20 s", "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "15 s"}
"""A host that is not heard of for so long is given up."""


class Cluster:
    """A scheduler and its workers, each a process; `address` of the scheduler."""

    def __init__(self, folder, hosts=None):
        """Start it on this machine, or the workers on `hosts`, one each."""
        self.folder, self.file, self.hosts = folder, folder / "scheduler.json", hosts
        own = hosts.own if hosts else "127.0.0.1"
        self.scheduler = self._start([*SCHEDULER, "--host", own, "--scheduler-file", str(self.file)])
        until(self.file.exists)
        self.workers = [self.add(number) for number in range(hosts.count if hosts else WORKERS)]

    @property
    def address(self):
        import json  # noqa: PLC0415

        return json.loads(self.file.read_text())["address"]

    def add(self, host=0):
        """One worker more, on the host of that number."""
        place = self.hosts.address(host) if self.hosts else "127.0.0.1"
        known = ["--scheduler-file", str(self.file), "--local-directory", str(self.folder)]
        return self._start([*WORKER, "--host", place, *known], self.hosts.within(host) if self.hosts else [])

    def cpu_s(self):
        """CPU time that the workers have used, with what runs in them."""
        import psutil  # noqa: PLC0415

        trees = [psutil.Process(worker.pid) for worker in self.workers]
        times = [each.cpu_times() for tree in trees for each in (tree, *tree.children(recursive=True))]
        return sum(each.user + each.system for each in times)

    def _start(self, arguments, within=()):
        with (self.folder / "log").open("ab") as log:
            command = [*within, sys.executable, *arguments]
            return subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | QUICK)

    def close(self):
        """End every process that is left."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait()


class Hosts:
    """Hosts of one network: each a network namespace with an address of its own, wired to a bridge."""

    NET = "10.87.0"  # of a private range

    def __init__(self, count):
        self.count, self.own, self.bridge = count, f"{self.NET}.1", f"jkb{os.getpid()}"[:15]
        _ip("link", "add", self.bridge, "type", "bridge")
        _ip("addr", "add", f"{self.own}/24", "dev", self.bridge)
        _ip("link", "set", self.bridge, "up")
        for number in range(count):
            self._wire(number)

    def _wire(self, number):
        name, cable = self._name(number), self._cable(number)
        _ip("netns", "add", name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", cable, "master", self.bridge, "up")
        _ip("-n", name, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            _ip("-n", name, "link", "set", device, "up")

    def _name(self, number):
        return f"jukisim-{os.getpid()}-{number}"

    def _cable(self, number):
        return f"jk{os.getpid()}v{number}"[:15]

    def address(self, number):
        """Where the host is reached."""
        return f"{self.NET}.{10 + number}"

    def within(self, number):
        """What a command begins with that runs there: each host has a core of its own, as far as there are some."""
        core = number % (os.cpu_count() or 1)
        return ["ip", "netns", "exec", self._name(number), "taskset", "-c", str(core)]

    def cut(self, number):
        """Pull the host's cable."""
        _ip("link", "set", self._cable(number), "down")

    def close(self):
        """Take the hosts and their network away."""
        for number in range(self.count):
            _ip("netns", "del", self._name(number))
        _ip("link", "del", self.bridge)


@contextlib.contextmanager
def hosts(count):
    """So many hosts for a while; where namespaces cannot be made the test is left out and says so."""
    tried = shutil.which("ip") and subprocess.run(
        ["ip", "netns", "add", "jukisim-try"], capture_output=True, check=False
    )
    if not tried or tried.returncode:
        pytest.skip("left out: network namespaces need iproute2 and root, so no host of its own was tried")
    _ip("netns", "del", "jukisim-try")
    made = Hosts(count)
    try:
        yield made
    finally:
        made.close()


def _ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


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
