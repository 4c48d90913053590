import json

from simulator import drill
from simulator.drill import pack as packs


def test_a_pack_opens_and_holds_what_its_manifest_lists(made: drill.Pack) -> None:
    assert packs.changed(drill.open_pack(made.path)) == []
    assert 8 <= len(made.questions) <= 12
    assert made.evidence.events.height == made.manifest.rows["events"]


def test_what_is_not_sealed_names_neither_drill_nor_seed(made: drill.Pack) -> None:
    manifest = json.loads((made.path / "drill.json").read_text(encoding="utf-8"))
    assert "kochi" not in json.dumps(manifest).lower()
    assert not {"seed", "scenario"} & set(manifest)


def test_every_question_has_an_answer_and_three_hints(made: drill.Pack, secret: drill.Secret) -> None:
    assert set(secret.answers) == {question.number for question in made.questions}
    assert len(secret.hints) == 3 * len(made.questions)


def test_findings_that_are_right_bring_every_point(made: drill.Pack, secret: drill.Secret) -> None:
    misuse = sorted(secret.misuse_event_ids)
    staff = secret.answers[3].values
    steps = tuple(drill.Action(kind=kind) for kind in ("preserve", "case_file", "interview", "report"))
    findings = drill.Findings(
        team="a", answers={n: a.values for n, a in secret.answers.items()}, accused=staff, protocol=steps,
        marks=tuple(drill.Mark(event_id=event, minute=5) for event in misuse),
    )  # fmt: skip
    graded = drill.grade(made, secret, findings)
    assert graded.points == graded.points_max == made.points
    assert graded.search.precision == graded.search.recall == 1.0
    assert graded.wrongly_accused == graded.missed == graded.protocol == ()
    assert graded.minutes_to_first_true == 5


def test_findings_that_are_empty_bring_nothing(made: drill.Pack, secret: drill.Secret) -> None:
    graded = drill.grade(made, secret, drill.Findings(team="b"))
    assert graded.points == 0
    assert graded.search.precision is None


def test_suspecting_somebody_who_had_business_costs_points(made: drill.Pack, secret: drill.Secret) -> None:
    answers = {n: a.values for n, a in secret.answers.items()}
    innocent = next(code for code in made.evidence.staff["staff_code"] if code not in secret.answers[3].values)
    graded = drill.grade(made, secret, drill.Findings(team="c", answers=answers, accused=(innocent,)))
    assert graded.wrongly_accused == (innocent,)
    assert graded.points == made.points - 10
