"""The page before the console: a code and a name. Plain HTML, so that it works before anything else does."""

from html import escape

from simulator.console.words import tongue
from simulator.drill import Text

_STYLE = (
    'body{font-family:"Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",Meiryo,sans-serif;margin:0;'
    "background:#f3f4f6;color:#1f2937}"
    "main{max-width:460px;margin:9vh auto;background:#fff;border:1px solid #d1d5db;border-top:6px solid #0b4f8a;"
    "border-radius:6px;padding:28px 34px}h1{font-size:21px;margin:0 0 4px}p{color:#4b5563;margin:4px 0 18px}"
    "label{display:block;font-weight:700;margin-top:14px}input{width:100%;box-sizing:border-box;font-size:18px;"
    "padding:8px 10px;border:1px solid #6b7280;border-radius:4px;margin-top:4px}"
    "#code{letter-spacing:.18em;text-transform:uppercase}button{margin-top:22px;width:100%;font-size:17px;padding:10px;"
    "background:#0b4f8a;color:#fff;border:0;border-radius:4px;font-weight:700}"
    ".wrong{background:#fff7ed;border-left:5px solid #b45309;padding:8px 12px;color:#7c2d12}"
    ":focus-visible{outline:3px solid #d55e00;outline-offset:1px}a{color:#0b4f8a}footer{margin-top:18px;font-size:13px}"
)


def page(title: Text, lang: str, *, wrong: bool) -> str:
    """The page, with a word if the code was `wrong`."""
    t = tongue(lang)
    words = t("参加コードが違います。もう一度確かめてください。", "That code is not known. Please check it.")
    note = f'<p class="wrong" role="alert">{words}</p>' if wrong else ""
    other = ("en", "English") if lang == "ja" else ("ja", "日本語")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title.of(lang))}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title.of(lang))}</h1>"
        f"<p>{t('演習コンソール', 'Drill console')}</p>{note}"
        f'<form method="post" action="/sign-in"><label for="code">{t("参加コード", "Code")}</label>'
        f'<input id="code" name="code" required autofocus autocomplete="off" maxlength="12">'
        f'<label for="member">{t("お名前（班の中での呼び名）", "Your name in the team")}</label>'
        f'<input id="member" name="member" required maxlength="40" autocomplete="off">'
        f"<button>{t('参加する', 'Sign in')}</button></form>"
        f"<footer>{t('コードは進行役から受け取ってください。登場する人物・団体はすべて架空です。', 'The facilitator gives you the code. Everybody here is invented.')} "  # noqa: E501 - a sentence
        f'<a href="/language/{other[0]}">{other[1]}</a></footer></main></body></html>'
    )
