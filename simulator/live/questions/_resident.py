"""What questions about one resident share."""

from simulator.live.question import Kind, Parameter

RESIDENT = Parameter(
    name="resident", ja="対象者", kind=Kind.RESIDENT, required=True,
    meaning="The resident's pseudonym, 26 characters, as a search shows it.", sample="1K3TAZF7G3QW9M8B2N5RJ4XYCD",
)  # fmt: skip
