"""A canary key and canary codes: looked for in everything that a run leaves or says, and found when one is planted.

Keys must not be seen even in tracebacks with local variables; codes not in plain ones (whoever prints the local
variables of a function that is given codes prints codes).
"""

import copy
import io
import json
import logging
import pickle
import subprocess
import sys
import traceback

import pytest
from rich.console import Console
from rich.traceback import Traceback

from simulator import dataset, privacy
from simulator.cli import main
from simulator.errors import SimulatorError
from simulator.live.desk import Live
from simulator.privacy.searching import Part, Secrets
from simulator.pseudonym import Passphrase, Pseudonymizer, PseudonymKey, Realm, seal, to_text
from simulator.pseudonym.key import length_value
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.realm import KINDS
from simulator.pseudonym.sign import SigningKey
from simulator.server.app import create_app

CANARY = PseudonymKey(memoryview(b"canary: this is no key of anyone"))
WORDS = "canary passphrase that opens nothing"
REALMS = (Realm.audit("482013"), Realm.export("x"))


def _realm_keys():
    for realm in REALMS:
        for kind in KINDS:
            info = length_value(b"realm") + length_value(str(realm).encode()) + length_value(kind.encode())
            yield PseudonymKey(CANARY.derive(info + b"\x01"))


def _say(monkeypatch, capfd, *words):
    """Type a command; all that it wrote."""
    monkeypatch.setattr(sys, "argv", ["jukisim", *map(str, words)])
    with pytest.raises(SystemExit):
        main()
    return "".join(capfd.readouterr()).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run under the canary key, with an export, scores, a sealed truth and a live log beside it."""
    folder = tmp_path_factory.mktemp("canary")
    CANARY.save(folder / "canary.key")
    words = folder / "words"
    words.touch(0o600)
    words.write_text(WORDS)
    return folder


@pytest.fixture(scope="module")
def log():
    """Everything that anything logs, at the lowest level."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture(scope="module")
def said(folder, log):
    """What commands wrote to the terminal, right and wrong ones."""
    patch = pytest.MonkeyPatch()
    yield patch
    patch.undo()


@pytest.fixture
def spoken(folder, said, capfd):
    """The output of a run's whole life by commands, once a module."""
    if not (folder / "spoken").exists():
        run, key = folder / "run", folder / "canary.key"
        commands = [
            ("generate", "mini", "--seed", 9, "--key", key, "--passphrase-file", folder / "words", "--out", run),
            ("verify", run), ("inspect", run, "--format", "json"), ("doctor",),
            ("detect", run, "--out", folder / "scores.csv"),
            ("score", run, "--scores", folder / "scores.csv", "--passphrase-file", folder / "words"),
            ("score", run, "--scores", folder / "scores.csv", "--passphrase-file", key),
            ("export", run, "--format", "jsonl", "--out", folder / "one"),
            ("export", run, "--format", "sqlite", "--realm", "run", "--out", folder / "two"),
            ("keys", "show", folder / "run.keys" / "keyring"), ("keys", "show", key), ("keys", "retire", key, 1),
            ("privacy", "attack", run, "--keys", folder / "run.keys" / "keyring", "--candidates", 2000),
            ("privacy", "anonymity", run, "--table", "resident", "--by", "resident_code"),
            ("reidentify", "request", run, "0" * 26, "--as", "S0", "--purpose", "audit", "--case", 1, "--basis", 1),
            ("generate", "mini", "--seed", 9, "--key", folder / "scores.csv", "--out", folder / "no"),
        ]  # fmt: skip
        (folder / "spoken").write_bytes(b"\n".join(_say(said, capfd, *words) for words in commands))
    return folder / "spoken"


@pytest.fixture
def secrets(folder, spoken):
    """The canary key and everything derived from it, the passphrase, and every code of the run."""
    numbers = Secrets.of(dataset.Dataset.open(folder / "run")).numbers
    spellings = [spelling for key in (CANARY, *_realm_keys()) for spelling in key.spellings()]
    pads = [bytes(pad) for pad in Pseudonymizer(CANARY, REALMS[0])._function("resident").pads]
    return Secrets(numbers, (*spellings, *pads, WORDS.encode()), official=False)


def _attempt(step):
    try:
        step()
    except (SimulatorError, TypeError) as error:
        return error
    raise AssertionError("this should have failed")


def _errors(folder):
    """Errors from deep inside, by whoever holds the key."""
    ring, maker = Keyring.of(CANARY), Pseudonymizer(CANARY, REALMS[0])
    right, wrong = Passphrase.of(WORDS), Passphrase.of("another one")
    sealed = seal.lock(CANARY.derive(b"x"), right, b"context", 4)
    damaged = folder / "damaged.key"
    damaged.touch(0o600)
    damaged.write_text((folder / "canary.key").read_text()[:-3])
    steps = [
        lambda: maker.one("resident", ""), lambda: Pseudonymizer(CANARY, REALMS[0], 99), lambda: ring.move(1, "x"),
        lambda: ring.pseudonymizer(REALMS[0], 9), lambda: seal.unlock(sealed, wrong, b"context"),
        lambda: PseudonymKey.load(damaged), lambda: PseudonymKey(CANARY._master[:5]), lambda: Keyring.load(damaged),
        lambda: pickle.dumps(CANARY), lambda: copy.deepcopy(maker), lambda: pickle.dumps(right),
        lambda: pickle.dumps(ring), lambda: json.dumps(CANARY),
    ]  # fmt: skip
    return [_attempt(step) for step in steps]


def _with_locals(error):
    """A traceback with the local variables of every frame but our own."""
    ours = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in ours.stack if "test_canary" not in frame.filename]
    console = Console(file=io.StringIO(), width=400)
    inner = error.__traceback__
    while inner.tb_next and "test_canary" in inner.tb_frame.f_code.co_filename:
        inner = inner.tb_next
    console.print(Traceback.from_exception(type(error), error, inner, show_locals=True, locals_max_string=None))
    return f"{error!r} {error} {[(f.line, f.locals) for f in frames]} {console.file.getvalue()}"


def _openapi(folder):
    """The OpenAPI document with its examples, of a server on the run."""
    with Live.open(folder / "run") as live:
        return json.dumps(create_app(live).openapi(), ensure_ascii=False).encode()


def _crash(folder):
    """What Python prints when a program that holds the key dies."""
    program = (
        "import sys, faulthandler; from pathlib import Path; faulthandler.enable();"
        "from simulator.pseudonym import *; key = PseudonymKey.load(Path(sys.argv[1]));"
        "maker = Pseudonymizer(key, Realm.audit('482013')); print(key, maker, vars() and repr(key));"
        "faulthandler.dump_traceback(); maker.one('resident', '')"
    )
    command = [sys.executable, "-X", "dev", "-c", program, str(folder / "canary.key")]
    died = subprocess.run(command, capture_output=True, check=False)
    assert died.returncode == 1
    assert b"IdentifierError" in died.stderr
    return died.stdout + died.stderr


def _reprs():
    ring = Keyring.of(CANARY)
    maker = Pseudonymizer(CANARY, REALMS[0])
    held = (CANARY, ring, ring.versions[0], maker, maker._function("resident"), Passphrase.of(WORDS),
            SigningKey.of(CANARY, "checkpoint"), CANARY.derive(b"x"))  # fmt: skip
    return " ".join(f"{each!r} {each!s} {[each]}" for each in held).encode()


def _said_of(folder, log):
    """Everything that was said but into files, by channel."""
    errors = _errors(folder)
    return {
        "terminal": (folder / "spoken").read_bytes(),
        "log": log.getvalue().encode(),
        "errors": " ".join(f"{error!r} {error}" for error in errors).encode(),
        "crash": _crash(folder) + "".join("".join(traceback.format_exception(e)) for e in errors).encode(),
        "crash with local variables": "".join(map(_with_locals, errors)).encode(),
        "repr": _reprs(),
        "openapi": _openapi(folder),
    }


def _found(channels, secrets):
    kinds = {name: secrets.kinds(Part(name, content)) for name, content in channels.items()}
    return {name: dict(found) for name, found in kinds.items() if found}


def _left(folder):
    """The files of the run's life, without those that hold keys on purpose and the register."""
    names = ("run", "run.live", "run.truth.sealed", "one", "two", "scores.csv", "spoken")
    return [folder / name for name in names if (folder / name).exists()]


def _some_file(folder):
    kinds = (".json", ".jsonl", ".db", ".sqlite")
    return next(path for path in sorted(folder.rglob("*")) if path.suffix in kinds)


def test_nothing_has_it(folder, spoken, secrets, log):
    """No file, terminal output, log, error, crash, repr or OpenAPI document has the key, a code or the passphrase."""
    channels = _said_of(folder, log)
    assert all(len(content) > 100 for name, content in channels.items() if name != "log")
    assert _found(channels, secrets) == {}
    assert len(_left(folder)) == 7
    assert privacy.scan(_left(folder), secrets) == []
    assert secrets.kinds(Part("keys", (folder / "run.keys" / "keyring").read_bytes()))


def test_a_planted_canary_is_found(folder, spoken, secrets, log):
    """Planted in any channel or any file, the key, a realm's key, a code or the passphrase is found there."""
    code = sorted(secrets.numbers)[0]
    plants = [CANARY.reveal(), next(_realm_keys()).reveal().upper(), code, WORDS, repr(bytes(CANARY._master))]
    for name, content in _said_of(folder, log).items():
        for plant in plants:
            assert set(_found({name: content + b" " + plant.encode()}, secrets)) == {name}
    for place in _left(folder):
        target = (
            place
            if place.is_file()
            else next(p for p in sorted(place.rglob("*")) if p.suffix in (".json", ".jsonl", ".db", ".sqlite"))
        )
        whole = target.read_bytes()
        mode = target.stat().st_mode
        target.chmod(0o600)
        target.write_bytes(whole + CANARY.reveal().encode())
        assert privacy.scan([target], secrets), target
        target.write_bytes(whole)
        target.chmod(mode)


@pytest.mark.parametrize("fault", ["repr", "error", "pickle", "log"])
@pytest.mark.usefixtures("spoken")
def test_a_fault_that_tells_is_found(folder, secrets, log, monkeypatch, fault):
    """If a key's repr, an error's message, its pickle or a log line told the key, the search would see it."""
    if fault == "repr":
        monkeypatch.setattr(PseudonymKey, "__repr__", lambda self: self.reveal())
        found = _found({"repr": _reprs(), "locals": "".join(map(_with_locals, _errors(folder))).encode()}, secrets)
        assert set(found) == {"repr", "locals"}
    elif fault == "error":
        monkeypatch.setattr(PseudonymKey, "fingerprint", property(lambda self: self.reveal()))
        told = Keyring.of(CANARY)
        assert _found({"error": str(told.versions[0].key.fingerprint).encode()}, secrets)
    elif fault == "pickle":
        monkeypatch.setattr(PseudonymKey, "__reduce__", lambda self: (bytes.fromhex, (self.reveal(),)))
        assert _found({"pickle": pickle.dumps(CANARY)}, secrets)
    else:
        logging.getLogger("simulator").debug("key %s", CANARY.reveal())
        assert _found({"log": log.getvalue().encode()}, secrets)
        log.seek(0)
        log.truncate()


def test_a_token_is_no_secret(secrets):
    """A pseudonym and a fingerprint are not taken for the key."""
    token = to_text(Pseudonymizer(CANARY, REALMS[0]).one("resident", "1"))
    assert not secrets.kinds(Part("x", f"{token} {CANARY.fingerprint}".encode()))
