"""Published vectors of the primitives, and the kernel's plain Python form."""

import importlib.util
import json
from pathlib import Path

import numba
import numpy as np
import pytest
from Crypto.Cipher import AES

from simulator.pseudonym import _fast, _prf
from simulator.pseudonym.errors import SignatureError
from simulator.pseudonym.sign import verify_signature

VECTORS = Path(__file__).parents[2] / "fixtures" / "vectors"


def _cases(name):
    groups = json.loads((VECTORS / name).read_text())["testGroups"]
    return [(group, case) for group in groups for case in group["tests"]]


def _bytes(case, *names):
    return [bytes.fromhex(case[name]) for name in names]


def test_rfc_4231():
    """HMAC-SHA-256 of RFC 4231, cases 1 to 7, by both forms of the function."""
    for case in json.loads((VECTORS / "rfc4231.json").read_text()):
        key, message, expected = _bytes(case, "key", "data", "hmac_sha256")
        assert _prf.tag(key, message)[: len(expected)] == expected
        assert _prf.Prf(key).tag(message)[: len(expected)] == expected


def test_wycheproof_hmac():
    """Every Wycheproof case of HMAC-SHA-256, short and long keys and cut tags, by both forms of the function."""
    results = []
    for _, case in _cases("wycheproof_hmac_sha256.json"):
        key, message, expected = _bytes(case, "key", "msg", "tag")
        for made in (_prf.tag(key, message), _prf.Prf(key).tag(message)):
            assert _prf.same(made[: len(expected)], expected) is (case["result"] == "valid"), case["tcId"]
        results.append(case["result"])
    assert (len(results), results.count("valid")) == (174, 66)


def test_rfc_5869():
    """HKDF-SHA-256 of RFC 5869, cases 1 to 3."""
    for case in json.loads((VECTORS / "rfc5869.json").read_text()):
        ikm, salt, info, expected = _bytes(case, "ikm", "salt", "info", "okm")
        assert _prf.hkdf(ikm, salt, info, len(expected)) == expected


def test_wycheproof_hkdf():
    """Every Wycheproof case of HKDF-SHA-256 agrees; those that ask for too much are refused."""
    for _, case in _cases("wycheproof_hkdf_sha256.json"):
        ikm, salt, info, expected = _bytes(case, "ikm", "salt", "info", "okm")
        if case["result"] == "invalid":
            with pytest.raises(ValueError, match="HKDF"):
                _prf.hkdf(ikm, salt, info, case["size"])
        else:
            assert _prf.hkdf(ikm, salt, info, case["size"]) == expected, case["tcId"]


def test_wycheproof_aes_gcm():
    """Every Wycheproof case of AES-256-GCM with our nonce and tag sizes agrees with the library that seals."""
    for _, case in _cases("wycheproof_aes_gcm.json"):
        key, nonce, aad, message, sealed, tag = _bytes(case, "key", "iv", "aad", "msg", "ct", "tag")
        cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16)
        cipher.update(aad)
        if case["result"] == "invalid":
            with pytest.raises(ValueError, match="MAC"):
                cipher.decrypt_and_verify(sealed, tag)
        else:
            assert cipher.decrypt_and_verify(sealed, tag) == message, case["tcId"]


def test_wycheproof_ed25519():
    """Every Wycheproof case of Ed25519 is accepted or refused as it must be."""
    for group, case in _cases("wycheproof_ed25519.json"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        message, signature = _bytes(case, "msg", "sig")
        if case["result"] == "valid":
            verify_signature(public, message, signature)
        else:
            with pytest.raises(SignatureError):
                verify_signature(public, message, signature)


def test_kernel_in_plain_python_agrees(monkeypatch):
    """The kernel's source, run without a compiler, gives what the reference gives, over more lanes than one load."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    spec = importlib.util.spec_from_file_location("plain_kernel", _fast.__file__)
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    names = [b"x" * (1 + i % 52) for i in range(66)]
    ends, function = np.cumsum([0, *map(len, names)]), _prf.Prf(b"key")
    with np.errstate(over="ignore"):
        made = plain.tags(np.frombuffer(b"".join(names), np.uint8), ends, function.pads, 7)
    expected = [function.tag(b"\1\0" + bytes([len(name)]) + name)[:15] for name in names]
    assert [row.tobytes() for row in made] == [b"\7" + tag for tag in expected]
