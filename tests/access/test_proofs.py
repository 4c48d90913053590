"""Proofs hold for what was sealed and for nothing else; heads are signed; every change against a kept head is named."""

import base64
import json
import shutil
from pathlib import Path

import polars as pl
import pymerkle
import pytest
from typer.testing import CliRunner

from simulator.access import log
from simulator.access.log import note, tree
from simulator.access.log.batches import BATCH, content, leaves
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.record import EVENT_RECORD, pack
from simulator.cli import app
from simulator.cli.app import main
from simulator.errors import DamagedError, MissingError, UsageError
from simulator.pseudonym import Epochs, PseudonymKey
from simulator.pseudonym.errors import SignatureError
from simulator.pseudonym.sign import SigningKey
from simulator.schema import EVENT, SHOWN

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures" / "vectors" / "rfc9162_proofs.json").read_text())
FIRST = (3 << 40) + 1


def raw(text):
    return base64.b64decode(text)


def spoilt(case):
    """Wrong versions of a published case: sizes, roots and steps changed, taken away, added, swapped."""
    path = [raw(each) for each in case["proof"]]
    yield from ([*path[:i], bytes([path[i][0] ^ 4]) + path[i][1:], *path[i + 1 :]] for i in range(len(path)))
    yield from (path[:-1], path[1:], [], [*path, path[0]], [b"\0" * 32, *path], path[::-1], [*path, b""])


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda c: f"{c['size1']}-{c['size2']}")
def test_published_growth_holds_and_nothing_near_it(case):
    """The published proofs of consistency pass; with any size, root or step changed they do not."""
    before, after, path = case["size1"], case["size2"], [raw(each) for each in case["proof"]]
    first, second = raw(case["root1"]), raw(case["root2"])
    assert tree.consistent(before, after, path, first, second)
    made = [tree.leaf_hash(bytes.fromhex(each)) for each in VECTORS["leaves"][:after]]
    assert (tree.root(made), tree.prove_consistency(made, before)) == (second, path)
    for wrong in spoilt(case):
        assert not tree.consistent(before, after, wrong, first, second)
    for sizes in ((before - 1, after), (before, after * 2), (before, after // 2), (after, before), (0, after)):
        assert not tree.consistent(*sizes, path, first, second)
    for roots in ((second, first), (first, first), (b"", second), (first, b"\0" * 32)):
        assert not tree.consistent(before, after, path, *roots)


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda c: f"{c['leafIdx']}-{c['treeSize']}")
def test_published_inclusion_holds_and_nothing_near_it(case):
    """The published proofs of inclusion pass; with any place, size, leaf or step changed they do not."""
    place, size, path = case["leafIdx"], case["treeSize"], [raw(each) for each in case["proof"]]
    leaf, root = raw(case["leafHash"]), raw(case["root"])
    assert tree.proves(leaf, place, size, path, root)
    assert tree.prove([tree.leaf_hash(bytes.fromhex(each)) for each in VECTORS["leaves"][:size]], place) == path
    for wrong in spoilt(case):
        assert not tree.proves(leaf, place, size, wrong, root)
    for at in ((place + 1, size), (place, size * 2), (size, size), (-1, size), (place, 0)):
        assert not tree.proves(leaf, *at, path, root)
    assert not tree.proves(root, place, size, path, root)


def test_published_roots():
    """Roots of the published leaves."""
    made = [tree.leaf_hash(bytes.fromhex(each)) for each in VECTORS["leaves"]]
    assert {size: base64.b64encode(tree.root(made[: int(size)])).decode() for size in VECTORS["roots"]} == (
        VECTORS["roots"]
    )


def test_tree_is_that_of_pymerkle():
    """Roots, and proofs of growth between any two sizes to 40, agree with another implementation."""
    entries = [i.to_bytes(2, "big") for i in range(300)]
    other = pymerkle.InmemoryTree.init_from_entries(entries)
    made = [tree.leaf_hash(each) for each in entries]
    for size in (*range(1, 70), 128, 255, 256, 257, 300):
        assert tree.root(made[:size]) == other.get_root(size)
    for after in range(1, 41):
        for before in range(1, after + 1):
            path = tree.prove_consistency(made[:after], before)
            roots = (other.get_root(before), other.get_root(after))
            assert tree.consistent(before, after, path, *roots)
            assert before == after or not tree.consistent(before, after, path, roots[0], roots[0])
    with pytest.raises(IndexError):
        tree.prove_consistency(made[:3], 4)


@pytest.fixture(scope="module")
def write(town, office, pseudonymizer):
    return lambda answers, folder: log.write_log(answers, town, office, Epochs.single(pseudonymizer), 3, folder)


@pytest.fixture(scope="module")
def answers(gate, requests):
    return gate.submit_batch(requests)


@pytest.fixture(scope="module")
def run(answers, write, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write(answers, folder)
    return folder


@pytest.fixture
def copied(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    return tmp_path / "run"


def shorter(answers, keep):
    """The answers to the first `keep` requests in time."""
    decided = answers.decided.sort("at", "tie", "request_no").head(keep)
    return type(answers)(decided, answers.shown.join(decided.select("request_no"), on="request_no", how="semi"))


def code(folder):
    return log.proofs.logs(folder)[0]


@pytest.mark.parametrize("event", [FIRST, FIRST + 255, FIRST + 256, FIRST + 3_000, FIRST + 5_999])
def test_event_is_proved_without_the_run(run, event):
    """A proof holds against the head that was kept, says what the event says, and for no other event."""
    text = json.dumps(log.prove_event(run, event))
    kept = log.head(run, code(run))
    assert log.check_proof(text, kept, "p") == []
    assert log.described(text)["event_id"] == event
    other = json.loads(text) | {"event_id": event + BATCH}
    assert any("do not hold event" in each for each in log.check_proof(json.dumps(other), kept, "p"))


def test_changed_proof_is_refused(run):
    """Any field changed, any byte of the records flipped, another head: what is wrong is said."""
    proof = log.prove_event(run, FIRST + 700)
    kept = log.head(run, code(run))
    records = raw(proof["records"])
    for place in range(0, len(records), 491):
        held = bytearray(records)
        held[place] ^= 1
        changed = json.dumps(proof | {"records": base64.b64encode(held).decode()})
        try:
            assert log.check_proof(changed, kept, "p") != []
        except DamagedError:
            assert place < 8  # the counts before the records
    for change in ({"batch": 1}, {"batch": "2"}, {"path": proof["path"][:-1]}, {"path": proof["path"][::-1]}):
        assert log.check_proof(json.dumps(proof | change), kept, "p") != []
    other = Checkpoint.of(kept.municipality, kept.leaves, b"\1" * 32, kept.events)
    assert "another head" in log.check_proof(json.dumps(proof), other, "p")[0]
    for broken in (
        "",
        "[]",
        "{",
        "null",
        "3",
        '{"proof": "inclusion"}',
        json.dumps(proof | {"proof": "x"}),
        "[" * 9_999,
    ):
        with pytest.raises(DamagedError, match="not a proof"):
            log.check_proof(broken, kept, "p")


@pytest.mark.parametrize("event", [0, FIRST - 1, FIRST + 6_000, 2**62])
def test_unknown_event_has_no_proof(run, event):
    """An event that no log has is said so."""
    with pytest.raises(UsageError, match="has an event"):
        log.prove_event(run, event)


def test_growth_is_proved_and_rewriting_is_not(run, answers, write, tmp_path):
    """A log begins with its own first batches; not with a log of which one event was left out, however early."""
    write(shorter(answers, 512), tmp_path / "early")
    early = log.head(tmp_path / "early", code(run))
    proof = json.dumps(log.prove_growth(run, early))
    assert log.check_proof(proof, early, "p") == log.check_proof(proof, log.head(run, code(run)), "p") == []
    other = Checkpoint.of(early.municipality, early.leaves, b"\2" * 32, early.events)
    assert "other heads" in log.check_proof(proof, other, "p")[0]
    with pytest.raises(DamagedError, match="rewritten"):
        log.prove_growth(run, other)
    with pytest.raises(DamagedError, match="cut"):
        log.prove_growth(tmp_path / "early", log.head(run, code(run)))
    write(shorter(answers, 700), tmp_path / "within")
    with pytest.raises(UsageError, match="within a batch"):
        log.prove_growth(run, log.head(tmp_path / "within", code(run)))
    rewritten = answers.decided.with_columns(
        dwell_s=pl.when(pl.col("at") == pl.col("at").max()).then(7).otherwise("dwell_s")
    )
    write(type(answers)(rewritten, answers.shown), tmp_path / "tail")
    kept = log.head(run, code(run))
    with pytest.raises(DamagedError, match="rewritten"):
        log.prove_growth(tmp_path / "tail", kept)
    assert any("rewritten" in what for _, what in log.verify_logs(tmp_path / "tail", [kept]))


def test_every_bit_of_64_records_is_caught(run):
    """Each bit of 64 records flipped gives another leaf than the sealed one."""
    events = pl.read_parquet(sorted((run / "audit" / "event").glob("*.parquet"))[0]).head(64)
    shown = pl.read_parquet(sorted((run / "audit" / "shown").glob("*.parquet"))[0])
    people = pack(SHOWN, shown.filter(pl.col("event_id") <= events["event_id"][-1]))
    records = pack(EVENT, events)
    sealed = next(iter(leaves(events, shown.filter(pl.col("event_id") <= events["event_id"][-1]))))
    held = bytearray(content(records, people))
    assert tree.leaf_hash(bytes(held)) == sealed
    for bit in range(8 * 8, (8 + 64 * EVENT_RECORD.itemsize) * 8):
        held[bit // 8] ^= 1 << bit % 8
        assert tree.leaf_hash(bytes(held)) != sealed
        held[bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize("cut", [*range(1, 40, 13), 255, 256, 257, 2_000])
def test_every_cut_against_a_kept_head_is_named(copied, cut):
    """A log cut at its end is said to be cut, by itself and against the head that was kept."""
    kept = log.head(copied, code(copied))
    path = sorted((copied / "audit" / "event").glob("*.parquet"))[-1]
    frame = pl.read_parquet(path)
    frame.head(frame.height - cut).write_parquet(path)
    assert any("is cut" in what for _, what in log.verify_logs(copied, [kept]))
    assert any("is cut" in what for _, what in log.verify_logs(copied, []))


def swap(frame, first, second):
    order = list(range(frame.height))
    order[first], order[second] = order[second], order[first]
    return frame[order]


@pytest.mark.parametrize("place", [0, 1, 254, 255, 256, 700])
def test_every_swap_and_deletion_is_named_by_its_event(copied, place):
    """Two events exchanged, or one taken out, are named by number wherever in a batch they are."""
    path = sorted((copied / "audit" / "event").glob("*.parquet"))[0]
    frame = pl.read_parquet(path)
    swap(frame, place, place + 1).write_parquet(path)
    found = [what for _, what in log.verify_logs(copied, [])]
    assert any(str(FIRST + place) in what and ("swapped" in what or "missing" in what) for what in found), found
    pl.concat([frame[:place], frame[place + 1 :]]).write_parquet(path)
    found = [what for _, what in log.verify_logs(copied, [])]
    assert any(str(FIRST + place) in what and "missing" in what for what in found), found


KEY = SigningKey.of(PseudonymKey.insecure(), "checkpoint")


def test_signed_head_is_a_note(tmp_path):
    """A signed head has the form of a signed note, and its key that of a verifier key; the example key is ours."""
    text = Checkpoint.of("482012", 3, bytes(range(32)), 600).to_bytes()
    signed = note.sign(text, "jukisim/audit/482012", KEY)
    by = note.verifier("jukisim/audit/482012", KEY)
    body, line = signed.decode().split("\n\n")
    assert body + "\n" == text.decode()
    assert line.startswith("— jukisim/audit/482012 ")
    assert line.endswith("\n")
    assert len(raw(line.split(" ")[2])) == 4 + 64
    assert by.split("+")[1] == raw(line.split(" ")[2])[:4].hex()
    assert note.check(signed, by, "x") == text
    assert note.check(signed[:-1] + b"\n" + line.replace("482012", "999999").encode(), by, "x") == text


def test_every_changed_signature_is_refused():
    """A bit of text, signature or key changed, another key, another name, no signature: none passes."""
    text = Checkpoint.of("482012", 3, bytes(range(32)), 600).to_bytes()
    name = "jukisim/audit/482012"
    signed, by = note.sign(text, name, KEY), note.verifier(name, KEY)
    for place in range(len(signed)):
        changed = bytearray(signed)
        changed[place] ^= 1
        with pytest.raises((SignatureError, DamagedError)):
            note.check(bytes(changed), by, "x")
    other = SigningKey.of(PseudonymKey.generate(), "checkpoint")
    for wrong in (note.verifier(name, other), note.verifier("else", KEY)):
        with pytest.raises(SignatureError, match="not signed by"):
            note.check(signed, wrong, "x")
    with pytest.raises(SignatureError):
        note.check(text, by, "x")
    for broken in ("", "a+b", f"{name}+00000000+{by.split('+', 2)[2]}", by[:-4], by.replace("+", "-"), "x+y+z"):
        with pytest.raises(UsageError, match="verifier key"):
            note.check(signed, broken, "x")


def invoke(*arguments):
    return CliRunner().invoke(app, ["audit", *map(str, arguments)])


def test_commands_from_head_to_check(run, tmp_path):
    """Head, prove, consistency, check and verify work together, signed; a changed run is exit 4."""
    key, kept, proof = tmp_path / "key", tmp_path / "head", tmp_path / "proof.json"
    PseudonymKey.generate().save(key)
    made = invoke("head", run, "--key", key, "--out", kept)
    by = made.output.split("verifier key (for --signer): ")[1].split()[0]
    assert invoke("prove", run, FIRST + 9, "--out", proof).exit_code == 0
    told = invoke("check", proof, "--checkpoint", kept, "--signer", by)
    assert (told.exit_code, str(FIRST + 9) in told.output) == (0, True)
    grown = tmp_path / "growth.json"
    assert invoke("consistency", run, "--since", kept, "--signer", by, "--out", grown).exit_code == 0
    assert invoke("check", grown, "--checkpoint", kept).exit_code == 0
    assert invoke("verify", run, "--checkpoint", kept, "--signer", by).exit_code == 0
    assert invoke("head", run).output == log.head(run, code(run)).to_bytes().decode()
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    path = sorted((copy / "audit" / "event").glob("*.parquet"))[0]
    pl.read_parquet(path).with_columns(hits=pl.lit(1, pl.UInt32)).write_parquet(path)
    bad = invoke("verify", copy)
    assert (bad.exit_code, "was edited" in bad.output) == (4, True)


BAD = {
    "no run": (["head", "nowhere"], 1, "no audit log"),
    "no event": (["prove", "RUN", "5"], 2, "has an event"),
    "no file": (["check", "nothing.json", "--checkpoint", "HEAD"], 1, "no file"),
    "no proof": (["check", "HEAD", "--checkpoint", "HEAD"], 4, "not a proof"),
    "no head": (["verify", "RUN", "--checkpoint", "JUNK"], 4, "not a checkpoint"),
    "unsigned": (["verify", "RUN", "--checkpoint", "HEAD", "--signer", "SIGNER"], 4, "not signed by"),
    "no signer": (["verify", "RUN", "--checkpoint", "HEAD", "--signer", "x"], 2, "verifier key"),
    "empty older log": (["consistency", "RUN", "--since", "EMPTY"], 2, "nothing to prove"),
    "path for a town": (["consistency", "RUN", "--since", "PATH"], 4, "not a checkpoint"),
    "file is there": (["head", "RUN", "--out", "HEAD"], 2, "already there"),
    "other town": (["head", "RUN", "--municipality", "999999"], 2, "unknown municipality"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(name, run, tmp_path, capsys, monkeypatch):
    """What cannot be is one line and the right exit code."""
    arguments, exit_code, words = BAD[name]
    head, junk = tmp_path / "head", tmp_path / "junk"
    head.write_bytes(log.head(run, code(run)).to_bytes())
    junk.write_bytes(b"\xff\x00junk")
    for name_of, town, size in (("empty", "482013", 0), ("path", "../../etc", 1)):
        (tmp_path / name_of).write_bytes(Checkpoint.of(town, size, b"\1" * 32, size).to_bytes())
    given = {
        "EMPTY": tmp_path / "empty",
        "PATH": tmp_path / "path",
        "RUN": run,
        "HEAD": head,
        "JUNK": junk,
        "SIGNER": note.verifier("someone", KEY),
    }
    monkeypatch.setattr("sys.argv", ["jukisim", "audit", *(str(given.get(each, each)) for each in arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (exit_code, 1), said
    assert words in said


def test_missing_log_part_is_named(copied):
    """Tiles or checkpoint that are gone are named."""
    (copied / "audit" / "tiles" / f"{code(copied)}.bin").unlink()
    with pytest.raises(MissingError, match="tiles"):
        log.prove_event(copied, FIRST)
