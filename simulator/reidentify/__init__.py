"""Re-identification on a run in use: two others approve, one answer is given, every act stands in the live log.

No table of who is who is kept. The rules are those of `simulator.pseudonym.reidentify`; here they meet staff, register,
keys and the live log. What was refused is recorded as well. The citizen is told: request, approvals and answer name the
pseudonym asked about, so they are among what `jukisim disclose` shows.
"""

from simulator.reidentify.acts import Ledger
from simulator.reidentify.service import (
    Asked,
    Walk,
    answer,
    approve,
    break_glass,
    crosswalk,
    glass_answer,
    listing,
    request,
    review,
)

__all__ = [
    "Asked",
    "Ledger",
    "Walk",
    "answer",
    "approve",
    "break_glass",
    "crosswalk",
    "glass_answer",
    "listing",
    "request",
    "review",
]
