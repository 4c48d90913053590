"""What a policy says that cannot be meant: rules that hold by their form, but that nobody could ever use."""

from collections.abc import Iterator

from simulator.access.policy.rules import Rule
from simulator.access.policy.table import Policy
from simulator.schema.vocabulary import ROLES

_LOOKING = ("search", "list", "view", "unmask", "print", "issue")


def findings(policy: Policy) -> list[str]:
    """What an author should look at again, rule by rule; empty if there is nothing."""
    return [f"{rule.id}: {each}" for role in ROLES for rule in policy.rules_of(role.code) for each in _of(policy, rule)]


def _of(policy: Policy, rule: Rule) -> Iterator[str]:
    if not rule.purposes or not rule.actions:
        yield "names no purpose or no action, so it grants nothing"
    if 0 in (rule.daily, rule.hits):
        yield "has a limit of 0, so it refuses every request"
    if rule.scope == "none" and not set(rule.actions) <= {"login", "logout"}:
        yield "reaches nobody, yet names actions that concern residents"
    if not rule.fields and set(rule.actions) & set(_LOOKING):
        yield f"lets one {' and '.join(sorted(set(rule.actions) & set(_LOOKING)))}, but shows no group of fields"
    if rule.beyond and rule.scope != "nation":
        yield "has requirements beyond the municipality, which it does not reach"
    if "my_number" in rule.fields and "番号" not in rule.basis:
        yield "shows the My Number without a basis in the Number Act (番号法)"
    lacking = _unapproved(policy, rule)
    if lacking:
        yield f"waits for an approval that no rule lets anybody give for {', '.join(lacking)}"


def _unapproved(policy: Policy, rule: Rule) -> list[str]:
    """Purposes for which what `rule` makes wait can be approved by no role of any section."""
    if rule.protected != "release" and "second_person" not in (*rule.require, *rule.beyond):
        return []
    given = {purpose for each in policy.rules if "approve" in each.actions for purpose in each.purposes}
    return [purpose for purpose in rule.purposes if purpose not in given]
