"""CSV files for scoreboards in the manner of Splunk's Boss of the SOC: questions, answers, hints.

Source: SA-ctf_scoreboard, columns Number, Question, Answer, HintNumber, HintCost.
"""

from pathlib import Path

import polars as pl

from simulator import storage
from simulator.drill.pack import Pack
from simulator.drill.page import shown
from simulator.drill.secret import Secret


def write(pack: Pack, secret: Secret, out: Path) -> list[Path]:
    """Write ``ctf_questions.csv``, ``ctf_answers.csv`` and ``ctf_hints.csv``."""
    lang = pack.manifest.lang
    questions = [
        {"Number": q.number, "Question": q.text.of(lang), "BasePoints": q.points, "StartTime": "", "EndTime": ""}
        for q in pack.questions
    ]
    answers = [{"Number": n, "Answer": shown(a.values, lang)} for n, a in sorted(secret.answers.items())]
    hints = [
        {"Number": q.number, "HintNumber": step, "Hint": secret.hints[q.number, step].of(lang), "HintCost": cost}
        for q in pack.questions
        for step, cost in enumerate(q.hint_costs, start=1)
    ]
    tables = {"ctf_questions": questions, "ctf_answers": answers, "ctf_hints": hints}
    for name, rows in tables.items():
        with storage.whole_file(out / f"{name}.csv") as draft:
            pl.DataFrame(rows).write_csv(draft)
    return [out / f"{name}.csv" for name in tables]
