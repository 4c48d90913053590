"""Exercises for people: a pack of evidence and questions, what is sealed of it, grading and the report after it."""

from simulator.drill.findings import Action, Findings, HintTaken, Mark
from simulator.drill.grading import Grade, Judged, Line, Rating, Search, grade, marks_max, summary_row
from simulator.drill.handin import grade_folder, read_folder, read_workbook
from simulator.drill.making import Order, make, order
from simulator.drill.marking import read_marks, write_marks
from simulator.drill.pack import Manifest, Pack, Question, open_pack
from simulator.drill.reporting import report
from simulator.drill.secret import Answer, Inject, Secret, key_of, open_hint, unseal
from simulator.drill.spec import Text, load, names

__all__ = [
    "Action", "Answer", "Findings", "Grade", "HintTaken", "Inject", "Judged", "Line", "Manifest", "Mark", "Order",
    "Pack", "Question", "Rating", "Search", "Secret", "Text", "grade", "grade_folder", "key_of", "load", "make",
    "marks_max", "names", "open_hint", "open_pack", "order", "read_folder", "read_marks", "read_workbook", "report",
    "summary_row", "unseal", "write_marks",
]  # fmt: skip
