"""What municipalities cost: CPU seconds, bytes and memory by stage, for the constants of `simulator.forecast`.

Run: ``python tests/benchmarks/bench_scale.py [SCENARIO [CODE,CODE…]]`` (default: three cities of the nation), or
``python tests/benchmarks/bench_scale.py --jobs`` for the scaling table of one and two processes.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from simulator import generation

CITIES = "782017,782025,782033"
VILLAGES = "484016,484024,484032,484041,484059,483117"


def measured(scenario: str, codes: tuple[str, ...]) -> None:
    """Make the run in one process, and print what each stage took and what each kind of file holds."""
    order = generation.order(scenario, seed=7, only=codes)
    taken, last = Counter[str](), [time.process_time(), "start"]

    def told(words: str, _share: float) -> None:
        now = time.process_time()
        taken[str(last[1])] += now - float(last[0])
        last[:] = now, words.partition(" ")[2] if words[:6].isdigit() else words

    with tempfile.TemporaryDirectory() as folder:
        run = generation.generate(order, Path(folder) / "r", told)
        told("end", 1)
        files = Counter[str]()
        for listed in run.manifest.files:
            files["database" if listed.path.endswith(".db") else listed.path.partition("/")[0]] += listed.bytes
        rows = run.manifest.rows
    whole = sum(taken.values())
    for stage, seconds in taken.items():
        print(f"{stage:24s} {seconds:9.2f} CPU s {seconds / whole:6.1%}")  # noqa: T201
    for kind, size in files.items():
        print(f"{kind:24s} {size:13,} bytes")  # noqa: T201
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows['resident']:,} residents, {rows['event']:,} events, {rows['shown']:,} shown; {memory:,.0f} MiB")  # noqa: T201


def scaled() -> None:
    """Six villages for a year by one process and by two, in turn: wall time, and how well two work together."""
    walls: dict[str, list[float]] = {"1": [], "2": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(2):
            for jobs, found in walls.items():
                began = time.perf_counter()
                wish = ["prefecture", "--seed", "7", "--days", "365", "--only", VILLAGES, "--jobs", jobs]
                command = [sys.executable, "-m", "simulator.cli", "generate", *wish, "--out", f"{folder}/{turn}{jobs}"]
                subprocess.run(command, check=True, capture_output=True)
                found.append(time.perf_counter() - began)
    one, two = min(walls["1"]), min(walls["2"])
    print(f"1 process {one:.1f} s, 2 processes {two:.1f} s: {one / two:.2f} times as fast, {one / two / 2:.0%}")  # noqa: T201
    print(f"load of the machine when it ended: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # noqa: T201


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments == ["--jobs"]:
        scaled()
    else:
        measured(arguments[0] if arguments else "nation", tuple((arguments[1:] or [CITIES])[0].split(",")))
