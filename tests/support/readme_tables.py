"""The README's tables, made from the code: ``pytest tests/docs/test_tables.py --update-golden`` writes them."""

import ast
import re
from pathlib import Path

import polars as pl
import typer

from simulator import bench, schema
from simulator.cli import app
from simulator.schema.vocabulary import ROLES
from simulator.workload import archetypes

ROOT = Path(__file__).parents[2]
READMES = {"en": ROOT / "README.md", "ja": ROOT / "README.ja.md"}
KINDS = {
    "misuse": "不正", "grey": "灰色", "error": "過誤", "look-alike": "正当（似ている）",
    "technique": "手口（他の類型が使う）", "canary": "検知器の試験用",
}  # fmt: skip
COMMANDS_JA = {
    "demo": "小さな市を作り、90日間働かせ、2種類の不正を隠し、探し、報告する",
    "generate": "シナリオから一式（住民記録・庁内・操作履歴と、別に正解）を作る",
    "inspect": "一式に何が入っているかを、言葉・表・図で示す",
    "verify": "一式に変更がないか、全ファイルと履歴の全件を確かめる",
    "detect": "検知器に全操作を採点させる",
    "score": "スコアを正解と照らし、点検の現場の言葉で示す",
    "export": "ほかの道具の形式で書き出す",
    "split": "学習・調整・試験用に分ける",
    "subset": "地区または世帯の割合で、つじつまの合った小さな一式を作る",
    "grow": "今あるものを変えずに、一式を数か月のばす",
    "stream": "履歴をほかの道具へ流す",
    "replay": "ある期間の操作を、サーバーにもう一度尋ね、履歴との違いを示す",
    "seed": "試験用データベースに住民記録を入れる、またはファイルにする",
    "certify": "人口の証明書（SQL付き）を作る",
    "schema": "表と項目、標準仕様書の項目との対応を説明する",
    "doctor": "版と追加機能、この環境の注意点を示す",
    "disclose": "誰が自分の記録を見たかを本人に示す（本人開示）",
    "serve": "照会をHTTPで提供する",
    "scenarios": "シナリオの一覧・内容・検査",
    "archetypes": "不正の類型と、似ている正当な業務",
    "population": "住民を1人見る、大量に作る、名寄せ・境界事例・異動事例",
    "policy": "権限の表：誰が何をできるか、その根拠",
    "audit": "監査人のための証明・署名・統計",
    "bench": "検知器の比較と、誰でも確かめられる結果",
    "drill": "演習の作成・実施・採点・報告",
    "keys": "仮名化の鍵",
    "privacy": "仮名化が守るものと守らないものを測る",
    "reidentify": "仮名が誰を指すかを、二人の関与で知る",
    "vault": "一人では開けられない鍵の保管",
    "plan": "作る前に、行数・容量・計算時間・メモリーを見積もる",
    "deliver": "元システムが渡すとおりの履歴にする（時計のずれ、欠落、共用端末、連鎖の切れ）",
    "bundle": "閉域網へ持ち込む一式（画面・Excel用の手順・導入ファイル）をまとめる",
    "query": "職員として住民記録に照会する",
}  # fmt: skip


def _line(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _table(head, rows):
    return "\n".join([_line(*head), "|" + "---|" * len(head), *(_line(*row) for row in rows)])


def _first_sentence(text):
    return re.split(r"(?<=[.])\s", " ".join(text.split("\n\n")[0].split()))[0].rstrip(".")


def commands(language):
    """One line for each command or group of commands."""
    found = typer.main.get_command(app).commands
    if language == "ja":
        return _table(("命令", "すること"), ((f"`{name}`", COMMANDS_JA[name]) for name in found))
    return _table(("command", "what it does"), ((f"`{n}`", _first_sentence(c.help or "")) for n, c in found.items()))


def roles(language):
    """One line for each role of the policy."""
    if language == "ja":
        return _table(("役割", "名称"), ((term.code, term.ja) for term in ROLES))
    return _table(("role", "who", "名称"), ((term.code, term.en, term.ja) for term in ROLES))


def kinds(language):
    """One line for each kind of misuse, error and look-alike."""
    rows = [record.row() for record in archetypes.records().values()]
    if language == "ja":
        return _table(("類型", "名称", "区分"), ((r["archetype"], r["類型"], KINDS[r["kind"]]) for r in rows))
    return _table(("kind", "what", "is"), ((r["archetype"], r["title"], r["kind"]) for r in rows))


def tables(language):
    """One line for each table of a run."""
    rows = list(schema.overview())
    if language == "ja":
        head = ("フォルダー", "表", "名称", "項目数")
        return _table(head, ((r["folder"], f"`{r['table']}`", r["表名"], r["columns"]) for r in rows))
    head = ("folder", "table", "columns", "what it holds")
    return _table(head, ((r["folder"], f"`{r['table']}`", r["columns"], r["meaning"]) for r in rows))


def columns(language):
    """One line for each column of an audit event."""
    if language == "ja":
        return _table(("項目", "名称"), ((f"`{c.name}`", c.ja) for c in schema.EVENT))
    return _table(("column", "meaning"), ((f"`{c.name}`", c.meaning) for c in schema.EVENT))


def assumptions(language):
    """One line for each module that assumes numbers."""
    found = []
    for path in sorted((ROOT / "simulator").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        targets = [t for node in tree.body for t in _targets(node)]
        names = sorted({n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and "ASSUMED_" in n.id})
        if names:
            module = path.relative_to(ROOT / "simulator").with_suffix("").as_posix()
            found.append((f"`{module}`", ", ".join(f"`{name}`" for name in names)))
    head = ("モジュール", "仮定した数値") if language == "ja" else ("module", "assumed numbers")
    return _table(head, found)


def _targets(node):
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) else []


def baselines(language):
    """What the baselines get on the twelve sealed runs of jukisim-bench v1, from the fixture."""
    head = {
        "en": ("detector", "average precision (95 %)", "recall at 20 a day (95 %)", "days to first find",
               "look-alikes accused", "wrongly suspected staff"),
        "ja": ("検知器", "平均適合率（95 %）", "1日20件での再現率（95 %）", "最初の発見までの日数",
               "似た正当業務の誤指摘", "誤って疑われた職員"),
    }[language]  # fmt: skip
    rows = [
        (
            f"`{line['detector']}`", _figure(line, "average_precision", 4), _figure(line, "recall_20", 2),
            f"{line['days_to_detection']:.1f}", f"{line['lookalikes_20']:.0%}", f"{line['suspected_20']:.0f}",
        )
        for line in bench.table(pl.read_csv(ROOT / "fixtures" / "bench" / "v1.csv"))
    ]  # fmt: skip
    return _table(head, rows)


def _figure(line, name, digits):
    value, low, high = (line[f"{name}{end}"] for end in ("", "_low", "_high"))
    return f"{value:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def stealth(language):
    """Who of the actors of each kind is found at 20 reviews a day over levels of stealth, from the fixture."""
    rows = pl.read_csv(ROOT / "fixtures" / "scores" / "misuse" / "kinds.csv")
    found = rows.group_by("archetype", "detector", "level").agg(pl.col("found").sum() / pl.col("actors").sum())
    share = found.pivot("level", index=["archetype", "detector"])
    levels = sorted(name for name in share.columns if name not in ("archetype", "detector"))
    head = ("類型", "検知器") if language == "ja" else ("kind", "detector")
    lines = [
        (row["archetype"], f"`{row['detector']}`", *(_share(row[name]) for name in levels))
        for row in share.sort("archetype", "detector").iter_rows(named=True)
    ]
    return _table((*head, *levels), lines)


def natural(language):
    """What the baselines get on the natural city, means over its twelve seeds, from the fixture."""
    rows = pl.read_csv(ROOT / "fixtures" / "scores" / "misuse" / "natural_curve.csv")
    lift = pl.col("average_precision") / pl.col("prevalence")
    means = rows.group_by("detector").agg(
        pl.mean("average_precision"), lift.mean().alias("lift"), pl.mean("recall_20")
    ).sort("average_precision", "detector", descending=[True, False])  # fmt: skip
    head = ("検知器", "平均適合率", "無作為に対する倍率", "1日20件の再現率") if language == "ja" else (
        "detector", "average precision", "lift over chance", "recall at 20 a day")  # fmt: skip
    lines = [
        (f"`{row['detector']}`", f"{row['average_precision']:.4f}", f"{row['lift']:.1f}", f"{row['recall_20']:.2f}")
        for row in means.iter_rows(named=True)
    ]
    return _table(head, lines)


def _share(value):
    return "–" if value is None else f"{value:.0%}"


TABLES = {
    "baselines": baselines, "stealth": stealth, "natural": natural, "commands": commands, "roles": roles,
    "archetypes": kinds, "tables": tables, "columns": columns, "assumptions": assumptions,
}  # fmt: skip


def renewed(text, language):
    """`text` with every marked table as the code has it now."""
    for name, make in TABLES.items():
        begin, end = f"<!-- table: {name} -->\n", f"\n<!-- end: {name} -->"
        before, rest = text.split(begin, 1)
        text = before + begin + make(language) + end + rest.split(end, 1)[1]
    return text
