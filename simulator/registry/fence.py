"""The second fence, in PostgreSQL: row-level security by territory, whatever a statement asks.

Whoever reads through `Database` has the role `REGISTER_ROLE`, which sees no row until its reach is stated. Other roles,
such as those of a developer's own system, are let through: the fence is the simulator's, not theirs. Tables that find
parts of names are not fenced: they hold row numbers and numbers of characters, and lead to fenced rows only.
"""

from simulator.registry.lookup import LOOKUP
from simulator.schema import ADDRESS, CHANGE, HOUSEHOLD, PROTECTION, RESIDENT

REGISTER_ROLE = "jukisim_register"
"""The role of PostgreSQL that reads a register within its reach."""
REACHES = ("none", "self", "municipality", "nation")
"""Nobody, one resident's own records, the municipality's, or those of all; the scopes of the policy."""
_SETTING = "current_setting('jukisim.reach', true)"
# What of each table is one's own; ``{0}`` is one's resident_no. Each sub-select is worked out once for a statement.
_MINE = {
    RESIDENT: "resident_no = {0}",
    LOOKUP: "resident_no = {0}",
    CHANGE: "resident_no = {0}",
    PROTECTION: "resident_no = {0}",
    HOUSEHOLD: "household_no IN (SELECT household_no FROM resident WHERE resident_no = {0})",
    ADDRESS: "address_no IN (SELECT address_no FROM resident WHERE resident_no = {0})",
}
_READ = "EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {role}', current_schema());"


def role_block(role: str, *grants: str) -> str:
    """The statement that makes `role`, lets it into the schema and gives it `grants` (SQL with ``{role}``).

    A role is of the whole server: it may be there already, or not be ours to make.
    """
    rights = "\n        ".join(grant.format(role=role) for grant in grants)
    return f"""DO $$
BEGIN
    BEGIN
        CREATE ROLE {role} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
    END;
    BEGIN
        EXECUTE format('GRANT {role} TO %I', current_user);
    EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
        {rights}
    END IF;
END$$"""


def reach(scope: str, municipality: str, own: int | None) -> str:
    """How far is seen, as the fence reads it; a scope that it does not know sees nothing."""
    stated = {
        "nation": "nation", "municipality": f"municipality/{municipality}", "self": f"self/{municipality}/{own}",
    }  # fmt: skip
    return stated.get(scope, "none")


def fences(municipality: str) -> tuple[str, ...]:
    """The statements that fence the tables of the register of `municipality` (six digits)."""
    seen = f"(SELECT {_SETTING}) IN ('nation', 'municipality/{municipality}')"
    own = f"(SELECT substring({_SETTING} FROM '^self/{municipality}/([0-9]+)$')::bigint)"  # noqa: S608 - six digits
    return role_block(REGISTER_ROLE, _READ), *(
        statement
        for table, mine in _MINE.items()
        for statement in (
            f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY territory ON {table.name} "
            f"USING ((SELECT current_user) <> '{REGISTER_ROLE}' OR {seen} OR {mine.format(own)})",
        )
    )
