"""What can go wrong with pseudonyms and keys. No message holds a key, a code, a passphrase or a part of one."""

from simulator.errors import DamagedError, SimulatorError, UsageError


class KeyFileError(SimulatorError):
    """A key file that may not be used: readable by others, not a file, of another form."""

    code = "key_file"


class IdentifierError(UsageError):
    """A value that cannot be given a pseudonym."""

    code = "identifier"


class RealmError(UsageError):
    """A realm that is not well-formed, or not the one that is asked for."""

    code = "realm"


class MalformedPseudonymError(UsageError):
    """A text that is not a pseudonym."""

    code = "malformed_pseudonym"


class VersionError(UsageError):
    """A key version that does not exist or whose state forbids what is asked."""

    code = "key_version"


class DamagedKeyError(DamagedError):
    """A key file whose check value does not agree with its key."""

    code = "damaged_key"


class SealError(DamagedError):
    """A seal that does not open: wrong key, passphrase, shares or context, or a changed bit. It does not say which."""

    code = "seal"


class SignatureError(DamagedError):
    """A signature that does not hold."""

    code = "signature"


class ShareError(UsageError):
    """Too few shares, a holder twice, or one who holds none."""

    code = "share"


class PassphraseError(UsageError):
    """A passphrase that cannot be one, or is too short for a new seal."""

    code = "passphrase"


class ApprovalError(UsageError):
    """A step of a re-identification that its rules forbid: who, when or in which order. Exit 3: refused by policy."""

    code = "approval"
    exit_code = 3
