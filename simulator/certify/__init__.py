"""The certificate of a run's people: SQL that an outsider can run, the answers it gives, and the people made again."""

from simulator.certify.certificate import Certificate, carry_out, certify, check, examine, known_seed

__all__ = ["Certificate", "carry_out", "certify", "check", "examine", "known_seed"]
