"""The codes that columns use, each with its Japanese and English title. Order is part of the data version."""

from typing import NamedTuple

import polars as pl


class Term(NamedTuple):
    """A code with its titles."""

    code: str
    ja: str
    en: str


def enum(terms: tuple[Term, ...]) -> pl.Enum:
    """The polars type of the codes of `terms`."""
    return pl.Enum([term.code for term in terms])


# Source: domain.md 3.2 (roles of a municipality, prefecture and nation; a proposal grounded in the statutes).
ROLES = (
    Term("R01", "市民課窓口", "resident desk clerk"),
    Term("R02", "市民課異動審査", "register examiner"),
    Term("R03", "市民課係長・課長", "resident section supervisor"),
    Term("R04", "支所・出張所", "branch office clerk"),
    Term("R05", "市民税課", "municipal tax clerk"),
    Term("R06", "資産税課", "property tax clerk"),
    Term("R07", "納税課", "tax collection clerk"),
    Term("R08", "国保年金課", "health insurance and pension clerk"),
    Term("R09", "生活福祉課", "public assistance clerk"),
    Term("R10", "高齢介護・障害福祉課", "elderly care and disability clerk"),
    Term("R11", "子育て支援課", "child support clerk"),
    Term("R12", "教育委員会学務課", "school affairs clerk"),
    Term("R13", "選挙管理委員会", "electoral clerk"),
    Term("R14", "防災・保健・住宅・水道", "disaster, health, housing and water clerk"),
    Term("R15", "情報システム課", "information systems administrator"),
    Term("R16", "権限のない部署", "office without entitlement"),
    Term("R17", "会計年度任用・派遣・委託窓口", "temporary and contracted desk staff"),
    Term("R18", "監査・個人情報保護担当", "auditor and privacy officer"),
    Term("R19", "都道府県", "prefecture"),
    Term("R20", "国の機関", "national agency"),
    Term("R21", "機構運用", "national network operator"),
    Term("R22", "委託先技術者", "contracted engineer"),
    Term("R23", "住民本人", "resident"),
)

SYSTEMS = (
    Term("MUNI", "住民記録", "resident records"),
    Term("JUKI", "住基ネット", "Juki-net"),
    Term("KOSEKI", "戸籍・附票", "family register"),
    Term("TAX", "税務", "tax"),
    Term("KOKUHO", "国保年金", "health insurance and pension"),
    Term("WELFARE", "福祉", "welfare"),
    Term("CHILD", "子育て", "child support"),
    Term("ADMIN", "運用管理", "administration"),
)

ACTIONS = (
    Term("login", "ログオン", "log on"),
    Term("logout", "ログオフ", "log off"),
    Term("search", "検索", "search"),
    Term("list", "一覧表示", "list"),
    Term("view", "照会", "view a record"),
    Term("unmask", "非表示項目の表示", "show a masked field"),
    Term("print", "画面印刷", "print a screen"),
    Term("issue", "証明書発行", "issue a certificate"),
    Term("update", "異動入力", "record a change"),
    Term("export", "一括抽出", "bulk extraction"),
    Term("approve", "承認", "approve"),
    Term("override", "緊急閲覧", "break-glass"),
)

SCREENS = (
    Term("logon", "ログオン", "log-on"),
    Term("search", "住民検索", "resident search"),
    Term("candidates", "該当者一覧", "candidates"),
    Term("record", "住民票照会", "resident record"),
    Term("household", "世帯照会", "household"),
    Term("history", "異動履歴照会", "history of changes"),
    Term("removed", "除票照会", "removed record"),
    Term("numbers", "個人番号・住民票コード表示", "numbers"),
    Term("certificate", "証明書発行", "certificates"),
    Term("change", "異動入力", "change of record"),
    Term("national", "全国サーバ検索", "national search"),
    Term("extraction", "データ抽出", "extraction"),
    Term("protection", "支援措置管理", "protection measures"),
    Term("approval", "承認", "approval"),
    Term("audit", "操作履歴照会", "operation log"),
    Term("disclosure", "本人開示", "disclosure to the resident"),
    Term("statistics", "操作履歴集計", "statistics of the log"),
)

# What is picked from the list that a screen prompts with (利用事由). Source: domain.md 1.4 and 3.4 name the item; the
# words of the list are ASSUMED, real ones differ between makers.
GROUNDS = (
    Term("application", "届出・申請の処理", "an application or notice"),
    Term("certificate", "証明書の交付", "a certificate"),
    Term("enquiry", "照会への回答", "an enquiry to be answered"),
    Term("survey", "実態調査・職権", "a survey or correction of the register's own motion"),
    Term("emergency", "生命・身体の保護", "protection of life or body"),
    Term("inspection", "監査・点検", "an audit or inspection"),
    Term("duty", "その他の事務処理", "other business"),
)

AUTH_METHODS = (
    Term("vein", "静脈認証", "vein biometrics"),
    Term("card", "操作者カード", "operator card"),
    Term("temp_card", "臨時カード", "temporary card"),
    Term("password", "パスワード", "password"),
    Term("shared", "共用ログオン", "shared session"),
)

MATCHES = (
    Term("exact", "完全一致", "exact"),
    Term("prefix", "前方一致", "prefix"),
    Term("partial", "部分一致", "partial"),
)

DECISIONS = (
    Term("allow", "許可", "allowed"),
    Term("mask", "一部非表示で許可", "allowed, some fields masked"),
    Term("approval", "承認待ち", "needs approval"),
    Term("deny", "拒否", "refused"),
)

EMPLOYMENTS = (
    Term("regular", "正規", "regular"),
    Term("reappointed", "再任用", "re-appointed after retirement"),
    Term("fiscal_year", "会計年度任用", "appointed by fiscal year"),
    Term("dispatched", "派遣", "dispatched"),
    Term("contracted", "委託", "contracted"),
)

SEARCHES = (
    Term("kana", "カナ氏名", "kana name"),
    Term("kana_birth", "カナ氏名と生年月日", "kana name and birth date"),
    Term("name", "漢字氏名", "name in kanji"),
    Term("name_birth", "漢字氏名と生年月日", "name in kanji and birth date"),
    Term("family_kana", "カナ氏", "kana surname"),
    Term("birth", "生年月日", "birth date"),
    Term("address", "住所", "address"),
    Term("address_name", "住所と氏", "address and surname"),
    Term("resident_code", "住民票コード", "resident code"),
    Term("my_number", "個人番号", "My Number"),
    Term("household", "世帯番号", "household number"),
)

PURPOSES = (
    Term("none", "事務なし", "no purpose"),
    Term("resident_certificate", "住民票の写し等の交付", "certificates of residence"),
    Term("resident_change", "住民異動届", "changes of residence"),
    Term("family_register", "戸籍届出・附票", "family register notices"),
    Term("seal_registration", "印鑑登録・証明", "seal registration"),
    Term("number_card", "個人番号カード", "My Number card"),
    Term("protection", "支援措置", "protection measures"),
    Term("public_request", "公用・弁護士等請求", "official and lawyers' requests"),
    Term("income_tax", "市民税・県民税賦課", "municipal income tax"),
    Term("tax_certificate", "課税証明等の交付", "tax certificates"),
    Term("property_tax", "固定資産税賦課", "property tax"),
    Term("tax_collection", "市税徴収", "tax collection"),
    Term("health_insurance", "国民健康保険", "national health insurance"),
    Term("pension", "国民年金", "national pension"),
    Term("late_elderly", "後期高齢者医療", "late-elderly medical care"),
    Term("public_assistance", "生活保護", "public assistance"),
    Term("elderly_care", "介護保険", "long-term care insurance"),
    Term("disability", "障害福祉", "disability welfare"),
    Term("child_allowance", "児童手当", "child allowance"),
    Term("nursery", "保育", "nursery care"),
    Term("child_protection", "児童相談", "child protection"),
    Term("school_register", "学齢簿・就学", "school register"),
    Term("electoral_roll", "選挙人名簿", "electoral roll"),
    Term("public_health", "健診・予防接種", "health checks and vaccination"),
    Term("disaster", "防災・罹災証明", "disaster relief"),
    Term("housing_water", "市営住宅・水道", "housing and water"),
    Term("system_operation", "システム運用", "system operation"),
    Term("audit", "監査", "audit"),
    Term("training", "研修", "training"),
)

REASON_STATUSES = (
    Term("real", "実在の事由", "a real case"),
    Term("borrowed", "他人の事由を流用", "another's real case"),
    Term("forged", "架空の事由", "an invented case number"),
    Term("none", "事由なし", "no case"),
)

# Source: domain.md 4.1, the channels of 45 published cases.
CHANNELS = (
    Term("complaint", "本人・市民からの苦情", "complaint of the victim or a citizen"),
    Term("tip", "匿名の投書・同僚の通報", "anonymous letter or colleague"),
    Term("own_log_request", "本人による開示請求", "the victim's own request for the log"),
    Term("police", "警察・外部の捜査", "police or another outside investigation"),
    Term("centre", "全国センターの点検", "check by the national centre"),
    Term("log_check", "自所の履歴点検", "the office's own check of the log"),
    Term("media", "報道・議会・オンブズマン", "media, council or ombudsman"),
    Term("accident", "偶然", "by accident"),
    Term("none", "発覚せず", "never came to light"),
)
# Source: domain.md 4.1; 地方公務員法29条 for the disciplinary ones.
SANCTIONS = (
    Term("none", "なし", "none"),
    Term("warning", "訓告・厳重注意", "warning"),
    Term("reprimand", "戒告", "reprimand"),
    Term("pay_cut", "減給", "pay cut"),
    Term("suspension", "停職", "suspension"),
    Term("dismissal", "免職", "dismissal"),
    Term("prosecution", "免職・刑事事件", "dismissal and prosecution"),
)
