# ruff: noqa: T201 (a script that measures)
"""What municipalities cost: CPU seconds, bytes and memory by stage, for the constants of `simulator.forecast`.

Run: ``python tests/benchmarks/bench_scale.py [SCENARIO [CODE,CODE…]]`` (default: three cities of the nation), or

- ``… --jobs`` for the scaling table of one and two processes;
- ``… --hosts`` for that of one and two hosts: network namespaces with a dask worker each (iproute2 and root);
- ``… --sample FILE [FIRST-LAST]`` for a 1 % sample of the nation: 17 municipalities of 1,741, drawn by size (the list
  in order of size, every 102nd from a drawn start); each becomes a line of FILE, so it can be made in pieces;
- ``… --nation FILE`` for what these say of the whole nation.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from simulator import generation, scenario

CITIES = "782017,782025,782033"
TOWNS = ",".join(
    ("484059", "484041", "484032", "484024", "484016", "483117", "483109", "483095", "483087", "483079", "483061",
     "483052", "483044", "483036", "483028", "483010", "482145", "482137")
)  # fmt: skip
SAMPLE, SAMPLE_SEED = 17, 10


def made(name: str, codes: tuple[str, ...]) -> dict[str, object]:
    """Make the run in this process: what each stage took, what each kind of file holds, rows and memory."""
    order = generation.order(name, seed=7, only=codes)
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
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {table: rows[table] for table in ("resident", "event", "shown")}
    return {"codes": codes, "cpu_s": dict(taken), "bytes": dict(files), "rows": counts, "mebibytes": round(memory)}


def measured(name: str, codes: tuple[str, ...]) -> None:
    """Make the run in one process, and print what each stage took and what each kind of file holds."""
    found = made(name, codes)
    whole = sum(found["cpu_s"].values())
    for stage, seconds in found["cpu_s"].items():
        print(f"{stage:24s} {seconds:9.2f} CPU s {seconds / whole:6.1%}")
    for kind, size in found["bytes"].items():
        print(f"{kind:24s} {size:13,} bytes")
    rows, memory = found["rows"], found["mebibytes"]
    print(f"{rows['resident']:,} residents, {rows['event']:,} events, {rows['shown']:,} shown; {memory:,} MiB")


def sample() -> list[str]:
    """The sample of the nation, the smallest municipality first."""
    nation = scenario.load("nation")
    by_size = sorted(nation.municipalities, key=lambda code: (nation.sized(code)[0].residents, code))
    step = len(by_size) / SAMPLE
    start = random.Random(SAMPLE_SEED).uniform(0, step)  # noqa: S311 - a sample
    return [by_size[int(start + place * step)] for place in range(SAMPLE)]


def sampled(file: Path, pieces: str) -> None:
    """Make the municipalities `pieces` (such as 1-15) of the sample, each in a process of its own, into `file`."""
    first, last = map(int, pieces.split("-"))
    for code in sample()[first - 1 : last]:
        began = time.monotonic()
        found = subprocess.run([sys.executable, __file__, "--one", code], check=True, capture_output=True, text=True)
        with file.open("a") as lines:
            lines.write(found.stdout)
        print(f"{code}: {time.monotonic() - began:.0f} s", flush=True)


def extrapolated(file: Path) -> None:
    """What the municipalities in `file` cost, and what as many of their kind as make 125 million residents would."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    residents = sum(row["rows"]["resident"] for row in rows)
    nation = scenario.load("nation")
    whole = sum(nation.sized(code)[0].residents for code in nation.municipalities)
    factor = whole / residents
    cpu, size = Counter[str](), Counter[str]()
    for row in rows:
        cpu.update(row["cpu_s"])
        size.update(row["bytes"])
    total = sum(cpu.values())
    print(f"{len(rows)} municipalities, {residents:,} residents, {total:,.0f} CPU s, {sum(size.values()) / 1e9:.2f} GB")
    for stage, seconds in cpu.most_common():
        print(f"{stage:20s} {seconds:8.1f} CPU s {seconds / total:6.1%}")
    events, shown = (sum(row["rows"][name] for row in rows) for name in ("event", "shown"))
    peak = max((row["mebibytes"], row["rows"]["resident"]) for row in rows)
    print(f"{events:,} events, {shown:,} shown; peak {peak[0]:,} MiB with {peak[1]:,} residents")
    print(f"x {factor:.1f}: {events * factor / 1e9:.2f} G events, {sum(size.values()) * factor / 1e9:,.0f} GB, "
          f"{total * factor / 3600:.1f} CPU hours")  # fmt: skip


def scaled() -> None:
    """Eighteen towns of 1,800 to 20,000 people for a year, on one core by one process, on two by two: time and gain."""
    walls: dict[str, list[float]] = {"1": [], "2": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(2):
            for jobs, found in walls.items():
                began = time.perf_counter()
                wish = ["prefecture", "--seed", "7", "--days", "365", "--only", TOWNS, "--jobs", jobs]
                command = [sys.executable, "-m", "simulator.cli", "generate", *wish, "--out", f"{folder}/{turn}{jobs}"]
                cores = ",".join(map(str, range(int(jobs))))  # a process has threads: as many cores as processes
                subprocess.run(["taskset", "-c", cores, *command], check=True, capture_output=True)
                found.append(time.perf_counter() - began)
    one, two = min(walls["1"]), min(walls["2"])
    print(f"1 process {one:.1f} s, 2 processes {two:.1f} s: {one / two:.2f} times as fast, {one / two / 2:.0%}")
    print(f"load of the machine when it ended: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def over_hosts() -> None:
    """The same by one host and by two, each a network namespace with a worker: wall time and CPU time."""
    import clusters  # noqa: PLC0415 - in tests/support

    for count in (1, 2, 1, 2):
        with clusters.hosts(count) as hosts, tempfile.TemporaryDirectory() as folder:
            cluster = clusters.Cluster(Path(folder), hosts)
            try:
                wish = ["prefecture", "--seed", "7", "--days", "365", "--only", TOWNS, "--engine", "dask"]
                command = [sys.executable, "-m", "simulator.cli", "generate", *wish, "--scheduler", cluster.address]
                warm = [*command[:-2], "--scheduler", cluster.address, "--days", "1", "--out", f"{folder}/warm"]
                subprocess.run(warm, check=True, capture_output=True)  # imports and tables of names, once a worker
                before, began = cluster.cpu_s(), time.perf_counter()
                subprocess.run([*command, "--out", f"{folder}/r"], check=True, capture_output=True)
                wall, cpu = time.perf_counter() - began, cluster.cpu_s() - before
            finally:
                cluster.close()
        print(f"{count} hosts: {wall:6.1f} s wall, {cpu:6.1f} CPU s of the workers", flush=True)


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    kind = arguments[0] if arguments else ""
    if kind == "--jobs":
        scaled()
    elif kind == "--hosts":
        over_hosts()
    elif kind == "--one":
        print(json.dumps(made("nation", (arguments[1],))))
    elif kind == "--sample":
        sampled(Path(arguments[1]), arguments[2] if len(arguments) > 2 else f"1-{SAMPLE}")
    elif kind == "--nation":
        extrapolated(Path(arguments[1]))
    else:
        measured(kind or "nation", tuple((arguments[1:] or [CITIES])[0].split(",")))


if __name__ == "__main__":
    main(sys.argv[1:])
