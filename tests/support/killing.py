"""Commands that are killed at a random moment, and then given again."""

import os
import random
import signal
import subprocess
import sys
import time


def command(*words):
    """The command line of jukisim."""
    return [sys.executable, "-m", "simulator.cli", *map(str, words)]


def usual_s(words):
    """How long the command takes when nobody disturbs it; it must succeed."""
    began = time.monotonic()
    found = subprocess.run(command(*words), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return time.monotonic() - began


def killed(words, wait_s):
    """Start the command and kill it after `wait_s`; whether it died of that."""
    with subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            return True
        return False


def moments(kills, usual, start=0.2):
    """Random moments within the usual time, the start-up of Python left out."""
    drawn = random.Random(11)  # noqa: S311 - moments to kill at
    return [drawn.uniform(start * usual, 1.05 * usual) for _ in range(kills)]


def contents(*paths):
    """Every byte of files and folders, by path."""
    found = {}
    for path in paths:
        files = [path] if path.is_file() else (each for each in path.rglob("*") if each.is_file())
        found |= {str(each.relative_to(path.parent)): each.read_bytes() for each in files}
    return found


def survives(words, finals, wanted, kills, usual):
    """Kill the command `kills` times; each time nothing is torn, and the same command then makes what was wanted.

    Args:
        words: makes the words of the command for a new folder; called with a number.
        finals: the final paths, called with the same number.
        wanted: tells whether the paths hold what they should; called with the paths.
        kills: that must hit.
        usual: seconds that the command takes.
    """
    hit = number = 0
    while hit < kills:
        for wait_s in moments(kills, usual()):
            number += 1
            died = killed(words(number), wait_s)
            hit += died
            there = [path for path in finals(number) if path.exists()]
            if died:
                again = subprocess.run(command(*words(number)), capture_output=True, text=True, check=False)
                refused = 2 if finals(number)[-1] in there else 0
                assert again.returncode == refused, again.stderr
            wanted(*finals(number))
            if hit == kills:
                break
