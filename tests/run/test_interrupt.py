"""Stopping by hand: one line, exit 130, and nothing half-made."""

import signal
import subprocess
import sys


def test_interrupt_is_one_line_and_leaves_nothing(tmp_path):
    """A run that is interrupted while it is made says so and leaves no folder; the same command then succeeds."""
    command = [sys.executable, "-m", "simulator.cli", "generate", "mini", "--seed", "1", "--out", "r"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as making:
        while not (tmp_path / ".r.part.lock").exists():
            assert making.poll() is None, "ended before it began"
        making.send_signal(signal.SIGINT)
        words = making.communicate()[1]
    assert making.returncode == 130, words
    assert words.strip() == "jukisim: stopped; nothing half-made was left under a final name"
    assert list(tmp_path.iterdir()) == []
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
