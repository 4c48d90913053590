"""Pseudonyms per CPU second of each way, how many times slower than the kernel each is, and the share of the limit."""

import re
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl
from Crypto.Hash import HMAC, SHA256

from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm, _fast, _prf

KEY = bytes(range(32))
TEXTS = [f"{i * 7919 % 10**11:011d}".encode() for i in range(500_000)]
MESSAGES = [b"\1\0\x0b" + text for text in TEXTS]
COMPRESSIONS = 2
BLOCK = 64


def rate(run: Callable[[], object], count: int) -> float:
    """The best of three, per CPU second."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        run()
        best = max(best, count / (time.process_time() - start))
    return best


def hardware() -> float:
    """HMACs per CPU second that SHA-256 of long blocks would allow, by openssl speed."""
    command = ["openssl", "speed", "-seconds", "2", "-bytes", "16384", "-evp", "sha256"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"([\d.]+)k\s*$", output)[-1]) * 1000 / BLOCK / COMPRESSIONS


def main() -> None:
    """Print one line for each way."""
    function, text = _prf.Prf(KEY), np.frombuffer(b"".join(TEXTS), np.uint8)
    ends = np.arange(0, len(text) + 1, 11, dtype=np.int64)
    _fast.tags(text[:11], ends[:2], function.pads, 1)
    few, people = MESSAGES[:20_000], pl.Series([text.decode() for text in TEXTS])
    maker = Pseudonymizer(PseudonymKey.insecure(), Realm.export("benchmark"))
    rates = {
        "openssl speed, two compressions": hardware(),
        "numba kernel": rate(lambda: _fast.tags(text, ends, function.pads, 1), len(TEXTS)),
        "column(): one call, as runs use it": rate(lambda: maker.column("resident", people), len(TEXTS)),
        "hashlib, pads copied": rate(lambda: [function.tag(m) for m in MESSAGES], len(MESSAGES)),
        "hmac.digest": rate(lambda: [_prf.tag(KEY, m) for m in MESSAGES], len(MESSAGES)),
        "pycryptodome HMAC": rate(lambda: [HMAC.new(KEY, m, SHA256).digest() for m in few], len(few)),
    }
    limit, kernel = rates["openssl speed, two compressions"], rates["numba kernel"]
    for name, value in rates.items():
        ratios = f"kernel is {kernel / value:7.2f} times this {100 * value / limit:7.2f} % of the limit"
        sys.stdout.write(f"{name:34s} {value / 1e6:8.3f} M/s   {ratios}\n")


if __name__ == "__main__":
    main()
