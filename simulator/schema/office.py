"""The office: sections, staff, accounts, terminals, roster and cases, in two forms.

Inside a run staff, sections, terminals and cases are row numbers. What an auditor gets (``auditor/``) holds codes,
and pseudonyms of the log's audit realm where a person is meant.
"""

import polars as pl

from simulator.schema.types import JST_MS, Column, Privacy, Table
from simulator.schema.vocabulary import EMPLOYMENTS, PURPOSES, ROLES, SYSTEMS, enum

SECTION = Table(
    "section",
    "課・室",
    "A section of the municipality.",
    ("section",),
    (
        Column("section", pl.String, "課コード", "Code of the section."),
        Column("title", pl.String, "課名", "Name of the section in Japanese."),
        Column("office", pl.String, "庁舎コード", "Code of the building: the main office or a branch."),
        Column("office_title", pl.String, "庁舎名", "Name of the building in Japanese."),
        Column("entitled", pl.Boolean, "照会権限", "Whether the section may use the register at all."),
    ),
)

STAFF = Table(
    "staff",
    "職員",
    "A member of staff; inside a run.",
    ("staff_no",),
    (
        Column("staff_no", pl.UInt32, "職員行番号", "Row number."),
        Column(
            "staff_code", pl.String, "職員番号", "Staff number as on the card, such as S0001234.", Privacy.IDENTIFIER
        ),
        Column("section", pl.String, "課コード", "Section."),
        Column("role", enum(ROLES), "役割", "Role that the policy knows."),
        Column("employment", enum(EMPLOYMENTS), "任用形態", "Kind of employment."),
        Column("supervisor", pl.Boolean, "管理職", "Head or deputy of the section."),
        Column("resident_no", pl.UInt32, "住民行番号", "Own record, if they live here.", nullable=True),
        Column("birth_date", pl.Date, "生年月日", "Birth date.", Privacy.PERSONAL),
        Column("family_name", pl.String, "氏", "Surname.", Privacy.PERSONAL),
        Column("given_name", pl.String, "名", "Given name.", Privacy.PERSONAL),
        Column("hired_on", pl.Date, "採用日", "First day of work."),
    ),
)

AUDITOR_STAFF = Table(
    "staff",
    "職員名簿",
    "The staff list as the auditor has it.",
    ("actor",),
    (
        Column("actor", pl.Binary, "操作者", "Staff pseudonym, as in the log.", Privacy.PSEUDONYM),
        Column("section", pl.String, "課コード", "Section."),
        Column("role", enum(ROLES), "役割", "Role."),
        Column("employment", enum(EMPLOYMENTS), "任用形態", "Kind of employment."),
        Column("supervisor", pl.Boolean, "管理職", "Head or deputy of the section."),
        Column("hired_on", pl.Date, "採用日", "First day of work."),
        Column("resident", pl.Binary, "住民", "Own record, if they live here.", Privacy.PSEUDONYM, nullable=True),
        Column("household", pl.Binary, "世帯", "Own household, if here.", Privacy.PSEUDONYM, nullable=True),
        Column("surname", pl.Binary, "氏トークン", "Keyed token of the surname.", Privacy.PSEUDONYM),
        Column("district", pl.UInt8, "地区", "District of the home, if here.", Privacy.COARSE, nullable=True),
    ),
)

ACCOUNT = Table(
    "account",
    "アカウント",
    "Which role a member of staff holds from when to when; inside a run (`staff_no`).",
    ("staff_no", "valid_from"),
    (
        Column("staff_no", pl.UInt32, "職員行番号", "Whose account."),
        Column("role", enum(ROLES), "役割", "Role granted."),
        Column("section", pl.String, "課コード", "Section it is granted for."),
        Column("valid_from", pl.Date, "開始日", "First day."),
        Column("valid_to", pl.Date, "終了日", "Day after the last; null while open.", nullable=True),
    ),
)

AUDITOR_ACCOUNT = Table(
    "account",
    "アカウント台帳",
    "Which role each operator held from when to when.",
    ("actor", "valid_from"),
    (
        Column("actor", pl.Binary, "操作者", "Staff pseudonym.", Privacy.PSEUDONYM),
        *ACCOUNT.columns[1:],
    ),
)

TERMINAL = Table(
    "terminal",
    "端末",
    "A terminal of the register.",
    ("terminal",),
    (
        Column("terminal", pl.String, "端末番号", "Code of the terminal."),
        Column("section", pl.String, "課コード", "Where it stands."),
        Column("office", pl.String, "庁舎コード", "Building."),
        Column("counter", pl.Boolean, "窓口端末", "Whether it stands at a counter and is shared."),
    ),
)

ROSTER = Table(
    "roster",
    "勤務表",
    "Who is on duty from when to when; inside a run (`staff_no`). No row: absent.",
    ("staff_no", "day"),
    (
        Column("staff_no", pl.UInt32, "職員行番号", "Who."),
        Column("day", pl.Date, "日", "Working day."),
        Column("starts", JST_MS, "始業", "Start of duty."),
        Column("ends", JST_MS, "終業", "End of duty, overtime included."),
        Column("lunch_starts", JST_MS, "昼休み", "Start of the hour's lunch break."),
        Column("terminal", pl.String, "端末番号", "Terminal of the day; null without one.", nullable=True),
    ),
)

AUDITOR_ROSTER = Table(
    "roster",
    "勤務表",
    "Who is on duty from when to when. No row: absent.",
    ("actor", "day"),
    (
        Column("actor", pl.Binary, "操作者", "Staff pseudonym.", Privacy.PSEUDONYM),
        *ROSTER.columns[1:],
    ),
)

CASE = Table(
    "case",
    "受付",
    "Business that causes accesses: an application, a notice, an enquiry, a task; inside a run.",
    ("case_index",),
    (
        Column("case_index", pl.UInt32, "受付行番号", "Row number, in order of opening."),
        Column("case_no", pl.String, "受付番号", "Number as written in the log."),
        Column("procedure", pl.String, "手続", "Name of the procedure."),
        Column("purpose", enum(PURPOSES), "事務", "Purpose."),
        Column("section", pl.String, "課コード", "Section that handles it."),
        Column("opened", JST_MS, "受付日時", "When it was opened."),
        Column("closed", JST_MS, "完了日時", "When it was closed."),
        Column("resident_no", pl.UInt32, "住民行番号", "Whom it concerns."),
        Column("staff_no", pl.UInt32, "職員行番号", "Who handles it."),
        Column("system", enum(SYSTEMS), "システム", "Through which system."),
        Column("visible", pl.Boolean, "台帳記載", "Whether the auditor has it in the case list."),
    ),
)

AUDITOR_CASE = Table(
    "case",
    "受付簿",
    "The case list as the auditor has it.",
    ("case_no",),
    (
        Column("case_no", pl.String, "受付番号", "Number as written in the log."),
        Column("purpose", enum(PURPOSES), "事務", "Purpose."),
        Column("section", pl.String, "課コード", "Section that handles it."),
        Column("opened", JST_MS, "受付日時", "When it was opened."),
        Column("closed", JST_MS, "完了日時", "When it was closed."),
        Column("resident", pl.Binary, "住民", "Whom it concerns.", Privacy.PSEUDONYM),
        Column("household", pl.Binary, "世帯", "Their household.", Privacy.PSEUDONYM),
    ),
)

ATTRIBUTE = Table(
    "attribute",
    "住民属性",
    "Coarse attributes of residents, as an auditor may have them.",
    ("resident",),
    (
        Column("resident", pl.Binary, "住民", "Resident pseudonym, as in the log.", Privacy.PSEUDONYM),
        Column("household", pl.Binary, "世帯", "Household pseudonym.", Privacy.PSEUDONYM),
        Column("surname", pl.Binary, "氏トークン", "Keyed token of the surname.", Privacy.PSEUDONYM),
        Column("district", pl.UInt8, "地区", "District of the home.", Privacy.COARSE),
        Column("age_band", pl.UInt8, "年齢階級", "Age at the start of the window, ten years a band.", Privacy.COARSE),
        Column("protected", pl.Boolean, "支援措置", "Under a protection measure in the window.", Privacy.COARSE),
    ),
)
