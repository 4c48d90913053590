"""A run of three small municipalities, for tests that stop, kill and spread it."""

import subprocess
import sys

CODES = ("482013", "482021", "484059")
TOML = f"""name = "villages"
title_ja = "三つの村"
title_en = "Three villages"
summary = "Two days of three small municipalities."
municipalities = {list(CODES)!r}
start = 2025-03-10
days = 2

[population]
residents = 300
history_years = 1

[office]
staff = 40

[workload]
volume = 1.0

[places.482021]
residents = 600
staff = 45
"""
NAMES = ("", ".truth", ".keys")


def write(folder):
    """The scenario as a file in `folder`."""
    path = folder / "villages.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def command(scenario, out, *more, seed=3):
    """The command line that makes the run `out`."""
    return [sys.executable, "-m", "simulator.cli", "generate", str(scenario), "--seed", str(seed), "--out", str(out),
            *more]  # fmt: skip


def made(scenario, out, *more, seed=3):
    """Make the run in a process of its own."""
    found = subprocess.run(command(scenario, out, *more, seed=seed), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return out


def contents(out):
    """Every byte of a run with its truth and keys, by path."""
    folders = {name: out.with_name(out.name + name) for name in NAMES}
    return {
        f"{name}/{path.relative_to(folder)}": path.read_bytes()
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Stop:
    """Progress that stops the run at the n-th stage."""

    def __init__(self, at):
        self.left = at

    def __call__(self, _words, _share):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
