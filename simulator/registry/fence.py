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
_OWN = "(SELECT nullif(current_setting('jukisim.own', true), '')::bigint)"
_MINE = {
    RESIDENT: f"resident_no = {_OWN}",
    LOOKUP: f"resident_no = {_OWN}",
    CHANGE: f"resident_no = {_OWN}",
    PROTECTION: f"resident_no = {_OWN}",
    HOUSEHOLD: f"household_no IN (SELECT household_no FROM resident WHERE resident_no = {_OWN})",  # noqa: S608 - ours
    ADDRESS: f"address_no IN (SELECT address_no FROM resident WHERE resident_no = {_OWN})",  # noqa: S608 - ours
}
# A role is of the whole server: it may be there already, or not be ours to make.
_ROLE = f"""DO $$
BEGIN
    BEGIN
        CREATE ROLE {REGISTER_ROLE} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
    END;
    BEGIN
        EXECUTE format('GRANT {REGISTER_ROLE} TO %I', current_user);
    EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{REGISTER_ROLE}') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO {REGISTER_ROLE}', current_schema());
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {REGISTER_ROLE}', current_schema());
    END IF;
END$$"""


def fences(municipality: str) -> tuple[str, ...]:
    """The statements that fence the tables of the register of `municipality` (six digits)."""
    here = f"(SELECT current_setting('jukisim.municipality', true)) = '{municipality}'"
    return _ROLE, *(
        statement
        for table, mine in _MINE.items()
        for statement in (
            f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY territory ON {table.name} USING ((SELECT current_user) <> '{REGISTER_ROLE}' OR "
            "CASE (SELECT current_setting('jukisim.reach', true)) "
            f"WHEN 'nation' THEN true WHEN 'municipality' THEN {here} WHEN 'self' THEN {here} AND {mine} "
            "ELSE false END)",
        )
    )
