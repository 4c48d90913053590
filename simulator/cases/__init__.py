"""Cases to aim a test at: residents who break systems, and changes of record with what must come of them.

The transaction cases are read from a file and load nothing heavy; for residents see `simulator.cases.catalogue`.
"""

from simulator.cases.transaction import TransactionCase, transaction_cases

__all__ = ["TransactionCase", "transaction_cases"]
