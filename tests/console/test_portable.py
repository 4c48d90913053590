"""No POSIX-only call anywhere in the package: a drill must run on a Windows PC, and here none can be tried."""

import ast
from pathlib import Path

import pytest

import simulator

ROOT = Path(simulator.__file__).parent
# Source: docs.python.org/3/library/os.html and signal.html, "Availability: Unix".
OS = """fork forkpty getuid geteuid getgid getegid setuid chown fchown fchmod killpg setsid getpgid uname mkfifo
statvfs fstatvfs sched_getaffinity sched_setaffinity nice wait3 wait4 getloadavg O_DIRECTORY O_NOFOLLOW O_NONBLOCK
O_CLOEXEC posix_fadvise pread pwrite readv writev sendfile openpty ttyname confstr sysconf"""
SIGNAL = "SIGKILL SIGALRM SIGHUP SIGUSR1 SIGUSR2 SIGCHLD SIGQUIT alarm setitimer pause"
UNIX_ONLY = {
    "os": set(OS.split()), "signal": set(SIGNAL.split()), "socket": {"AF_UNIX", "SO_REUSEPORT"},
    "time": {"clock_settime", "tzset"},
}  # fmt: skip
MODULES = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "posix", "uvloop", "crypt"}
UNIX_SIGNALS_OF_LOOPS = {"add_signal_handler", "remove_signal_handler"}


def files():
    """Every module of the package."""
    return sorted(ROOT.rglob("*.py"))


def unix_only(tree):
    """Names in `tree` that Windows does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in UNIX_ONLY.get(owner, ()) or node.attr in UNIX_SIGNALS_OF_LOOPS:
                yield f"{node.lineno}: {owner}.{node.attr}"
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"{node.lineno}: import {name}" for name in names if name.partition(".")[0] in MODULES)


def test_package_uses_nothing_that_windows_lacks():
    """Calls, constants and modules; `getattr` with a default is the way to use what may be missing."""
    found = [
        f"{path.relative_to(ROOT)}:{place}"
        for path in files()
        for place in unix_only(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("source", ["import os\nos.fork()", "import fcntl", "from pwd import getpwnam",
                                    "import signal\nsignal.SIGKILL", "loop.add_signal_handler(1, f)"])  # fmt: skip
def test_check_finds_what_it_looks_for(source):
    """It can fail."""
    assert list(unix_only(ast.parse(source)))


def test_text_files_are_opened_with_their_encoding():
    """A Japanese Windows would take cp932."""
    found = []
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                named = {keyword.arg for keyword in node.keywords}
                at = 0 if node.func.attr == "read_text" else 1
                if node.func.attr in {"read_text", "write_text"} and "encoding" not in named and len(node.args) <= at:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
