"""Enquiry about a well-known resident (著名人・公職者に関する問合せ).

Reporters, visitors, creditors and admirers ask where somebody lives, or send what must not be passed on; the record is
opened to see who it is and whether the address is shown to anybody, and nothing is given out.

The rates are assumed, so that with their own business public figures come to the 80 accesses in seven years of a
councillor (Machida, domain.md 3.1); those in the news are asked about within weeks (domain.md 4).
"""

from simulator.workload.procedure import BY_PERSON, FIND, Procedure
from simulator.workload.sources import Known

PROCEDURE = Procedure(
    name="known_person_enquiry",
    title_ja="著名人・公職者に関する問合せ",
    title_en="enquiry about a well-known resident",
    purpose="resident_certificate",
    system="MUNI",
    section="citizen",
    acts=FIND,
    searches=BY_PERSON,
    source=Known((("celebrity", 3.0), ("politician", 2.0), ("executive", 1.0), ("official", 1.0), ("newsworthy", 8.0))),
    prefix="JZ",
)
