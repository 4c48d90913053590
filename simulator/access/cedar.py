"""The table of rights as a Cedar policy: for reading, analysis and as an oracle of the gate's own decision.

One request becomes questions to Cedar: with an empty `group` whether it is permitted at all, with the name of a group
of fields whether that group is shown. Cedar permits what the gate allows or masks; what waits for an approval it
permits only with ``approved``. Source: docs.cedarpolicy.com (syntax of policies and schemas).
"""

import json
from collections.abc import Iterable

from simulator.access.facts import ADDRESS_BITS, FLAGS, NEEDED_BITS, SHOWN_BITS
from simulator.access.policy import FIELDS, SCOPES, Policy, Rule
from simulator.access.single import Fact
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES, SCREENS

_NATION = SCOPES.index("nation")
_MET = {
    "case_no": "context.cased", "supervisor": "context.supervisor", "second_person": "context.approved",
    "office_hours": "!context.off_hours", "terminal_zone": "context.at_home", "grounds": "context.grounded",
}  # fmt: skip
_GUARDED = {
    "hide": "(!context.protected || context.overridden)",
    "release": "(!context.protected || context.overridden || context.approved)",
}
_PROMPTED = ("alert", "release")


def to_cedar(policy: Policy) -> str:
    """`policy` as Cedar: one ``permit`` a rule and role, named by the rule; what no rule permits is denied."""
    parts = [_permit(policy, role.code, rule) for role in ROLES for rule in policy.rules_of(role.code)]
    return "\n".join(parts)


def to_schema() -> str:
    """The Cedar schema of `to_cedar`: roles, actions, and the context of a request."""
    flags = "\n".join(f"  {name}: Bool," for name in FLAGS)
    actions = ", ".join(json.dumps(term.code) for term in ACTIONS)
    return (
        "entity Role;\nentity Staff in [Role];\nentity Register;\n"
        f"type Context = {{\n{flags}\n  purpose: String,\n  screen: String,\n  group: String,\n"
        "  reach: Long,\n  hits: Long,\n  today: Long,\n};\n"
        f"action {actions} appliesTo {{ principal: [Staff], resource: [Register], context: Context }};\n"
    )


def to_entities() -> str:
    """The Cedar entities that `question` names, as JSON: one member of staff of each role."""
    staff = [_entity("Staff", role.code, [{"type": "Role", "id": role.code}]) for role in ROLES]
    return json.dumps([*staff, *(_entity("Role", role.code, []) for role in ROLES), _entity("Register", "here", [])])


def question(fact: Fact, group: str = "") -> dict[str, object]:
    """The Cedar request that asks whether `fact` is permitted, or whether it shows `group`."""
    context: dict[str, object] = {name: getattr(fact, name) for name in FLAGS}
    context |= {
        "purpose": PURPOSES[fact.purpose].code, "screen": SCREENS[fact.screen].code, "group": group,
        "reach": fact.reach, "hits": fact.hits, "today": fact.today,
    }  # fmt: skip
    return {
        "principal": {"type": "Staff", "id": ROLES[fact.role].code},
        "action": {"type": "Action", "id": ACTIONS[fact.action].code},
        "resource": {"type": "Register", "id": "here"},
        "context": context,
    }


def _entity(kind: str, name: str, parents: list[dict[str, str]]) -> dict[str, object]:
    return {"uid": {"type": kind, "id": name}, "attrs": {}, "parents": parents}


def _permit(policy: Policy, role: str, rule: Rule) -> str:
    actions = ", ".join(f'Action::"{action}"' for action in rule.actions)
    conditions = "\n  && ".join(_conditions(policy, rule))
    note = json.dumps(rule.basis, ensure_ascii=False)
    return (
        f"@id({json.dumps(rule.id)})\n@basis({note})\n"
        f'permit (principal in Role::"{role}", action in [{actions}], resource)\nwhen {{\n  {conditions}\n}};\n'
    )


def _conditions(policy: Policy, rule: Rule) -> Iterable[str]:
    fields = int(policy.fields[policy.rules.index(rule)])
    yield f"{_texts(rule.purposes)}.contains(context.purpose)"
    yield "context.account && !context.failed && !context.unreviewed"
    yield f"context.reach <= {SCOPES.index(rule.scope)}"
    yield f"{_texts(_usable(fields))}.contains(context.screen)"
    yield f"context.hits <= {rule.hits} && context.today <= {rule.daily}"
    for name in rule.require:
        yield _MET[name]
    for name in rule.beyond:
        yield f"(context.reach < {_NATION} || {_MET[name]})"
    if rule.protected in _GUARDED:
        yield _GUARDED[rule.protected]
    yield _prompt(rule)
    yield f'(context.group == ""{"".join(_groups(rule, fields))})'


def _prompt(rule: Rule) -> str:
    prompts = "context.protected" if rule.protected in _PROMPTED else "(context.protected && context.overridden)"
    return f"(!{prompts} || context.grounded)"


def _usable(fields: int) -> list[str]:
    """Screens that rules with `fields` may use."""
    needed = zip(SCREENS, NEEDED_BITS.tolist(), strict=True)
    return [screen.code for screen, need in needed if not need or fields & need]


def _groups(rule: Rule, fields: int) -> Iterable[str]:
    for place, name in enumerate(FIELDS):
        shown = [s.code for s, bits in zip(SCREENS, SHOWN_BITS.tolist(), strict=True) if bits >> place & 1]
        if not fields >> place & 1 or not shown:
            continue
        masked = rule.protected == "mask" and ADDRESS_BITS >> place & 1
        hidden = " && !context.protected" if masked else ""
        yield f'\n    || (context.group == "{name}" && {_texts(shown)}.contains(context.screen){hidden})'


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(value) for value in values) + "]"
