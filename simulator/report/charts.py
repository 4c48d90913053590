"""The pictures: each a frame of figures turned into a static SVG with Japanese and English on its axes.

Colours: Okabe & Ito's, which people with any colour vision can tell apart.
Source: Okabe & Ito 2008, Color Universal Design.
"""

import re
from typing import Any

import altair as alt
import polars as pl
import vl_convert

BLUE, ORANGE, GREEN, GREY, RED = "#0072B2", "#E69F00", "#009E73", "#8A94A0", "#D55E00"
SERIES = (BLUE, GREEN, "#CC79A7", "#56B4E9", ORANGE)
FONT = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic UI, Meiryo, sans-serif"
INK = "#33404D"
WEEKDAYS = ("月 Mon", "火 Tue", "水 Wed", "木 Thu", "金 Fri", "土 Sat", "日 Sun")
MISUSE, LOOKALIKE = "不正 Misuse", "類似の正当業務 Lawful look-alike"
WIDTH = 460
_IDENTIFIER = re.compile(r'\bid="([^"]+)"')


def svg(chart: alt.Chart | alt.LayerChart, name: str) -> str:
    """`chart` as SVG text; its ids begin with `name`, so that several stand in one page."""
    styled = chart.configure(font=FONT, background="transparent").configure_view(stroke=None)
    styled = styled.configure_axis(
        labelColor=INK, titleColor=INK, titleFontWeight="normal", gridColor="#E4E9EE", domainColor="#B9C3CD",
        tickColor="#B9C3CD", labelFontSize=11, titleFontSize=12, titlePadding=10, labelFlush=False,
    ).configure_legend(
        labelColor=INK, titleColor=INK, labelFontSize=11, labelLimit=400, titleFontWeight="normal",
        orient="top", title=None,
    )  # fmt: skip
    text: str = vl_convert.vegalite_to_svg(styled.to_json())
    for identifier in set(_IDENTIFIER.findall(text)):
        text = text.replace(f'id="{identifier}"', f'id="{name}-{identifier}"')
        text = text.replace(f"url(#{identifier})", f"url(#{name}-{identifier})").replace(
            f'href="#{identifier}"', f'href="#{name}-{identifier}"'
        )
    return text


def _values(frame: pl.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=frame.to_dicts())


def pyramid(figures: pl.DataFrame) -> alt.LayerChart:
    """Residents by five-year band (``age``, ``band``, ``sex``, ``count``, ``official``; men to the left)."""
    side = pl.when(pl.col("sex") == "male").then(-1).otherwise(1)
    signed = figures.with_columns(
        side=side * pl.col("count").cast(pl.Int64),
        line=side * pl.col("official"),
        sex=pl.col("sex").replace_strict({"male": "男 Male", "female": "女 Female"}),
    )
    colours = alt.Scale(domain=["男 Male", "女 Female"], range=[BLUE, ORANGE])
    most = max([*signed["count"].to_list(), *signed["official"].to_list()], default=1)
    order = signed.sort("age", descending=True)["band"].unique(maintain_order=True).to_list()
    axis = alt.Axis(labelExpr="format(abs(datum.value), ',')", title="人数 People", tickCount=6)
    y = alt.Y("band:N", sort=order, title="年齢 Age")
    base = alt.Chart(_values(signed))
    bars = base.mark_bar(height={"band": 0.86}).encode(
        x=alt.X("side:Q", axis=axis, scale=alt.Scale(domain=[-most, most], nice=True)),
        y=y,
        color=alt.Color("sex:N", scale=colours),
    )
    drawn: alt.LayerChart = (bars + _lines(base, "line", y)).properties(width=WIDTH, height=380)
    return drawn


def _lines(base: alt.Chart, column: str, y: alt.Y) -> alt.Chart:
    """A mark at the official figure of each row."""
    lines: alt.Chart = base.mark_tick(color="black", thickness=2, height={"band": 0.95}).encode(x=f"{column}:Q", y=y)
    return lines


def beside(figures: pl.DataFrame, value_title: str, row: int = 20) -> alt.LayerChart:
    """Bars of ``simulated`` per ``label``, in the order given, with a mark at ``official``; `row` pixels each."""
    base = alt.Chart(_values(figures))
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=200))
    x = alt.X("simulated:Q", title=value_title, axis=alt.Axis(tickCount=5))
    bars = base.mark_bar(color=BLUE, height={"band": 0.72}).encode(x=x, y=y)
    drawn: alt.LayerChart = (bars + _lines(base, "official", y)).properties(
        width=WIDTH, height=max(120, row * figures.height)
    )
    return drawn


def bars(figures: pl.DataFrame, label: str, title: str, value_title: str, row: int = 24) -> alt.Chart:
    """Horizontal bars of ``count`` per `label`, in the order given, `row` pixels each."""
    drawn: alt.Chart = (
        alt.Chart(_values(figures))
        .mark_bar(color=BLUE, height={"band": 0.72})
        .encode(
            x=alt.X("count:Q", title=value_title, axis=alt.Axis(format=",d", tickCount=5)),
            y=alt.Y(f"{label}:N", sort=None, title=title or None, axis=alt.Axis(labelLimit=260)),
        )
        .properties(width=WIDTH, height=max(180, row * figures.height))
    )
    return drawn


def heat_map(figures: pl.DataFrame) -> alt.Chart:
    """Events by ``hour`` and ``weekday``, with ``count``."""
    drawn: alt.Chart = (
        alt.Chart(_values(figures))
        .mark_rect(stroke="white", strokeWidth=1.5)
        .encode(
            x=alt.X("hour:O", title="時刻 Hour", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("weekday:N", sort=list(WEEKDAYS), title=None),
            color=alt.Color(
                "count:Q",
                scale=alt.Scale(type="sqrt", range=["#F1F5F9", "#9CC4E4", "#0B4F8A"]),
                legend=alt.Legend(
                    title="操作件数 Events", orient="bottom", gradientLength=360, tickCount=4, format=",d"
                ),
            ),
        )
        .properties(width=2 * WIDTH, height=230)
    )
    return drawn


def timeline(episodes: pl.DataFrame) -> alt.LayerChart:
    """Episodes from ``first_at`` to ``last_at`` (text, ISO 8601), in the row ``label``, coloured by ``kind``."""
    x = alt.X("first_at:T", title="日付 Date", axis=alt.Axis(format="%m/%d", tickCount=8))
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, grid=True))
    kinds = [MISUSE, LOOKALIKE]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[RED, GREY]))
    bad = alt.datum.kind == MISUSE
    faint, size, thick = (
        alt.when(bad).then(alt.value(strong)).otherwise(alt.value(weak))
        for strong, weak in ((1, 0.4), (110, 40), (4, 1.5))
    )
    base = alt.Chart(_values(episodes))
    lines = base.mark_rule(strokeCap="round").encode(
        x=x, x2="last_at:T", y=y, color=colour, opacity=faint, strokeWidth=thick
    )
    ends = base.mark_circle().encode(x=x, y=y, color=colour, opacity=faint, size=size)
    drawn: alt.LayerChart = (lines + ends).properties(
        width=2 * WIDTH - 60, height=max(80, 28 * episodes["label"].n_unique())
    )
    return drawn


def curves(points: pl.DataFrame, prevalence: float) -> alt.LayerChart:
    """Precision over recall per ``detector``, with the line of chance at `prevalence`."""
    names = points["detector"].unique(maintain_order=True).to_list()
    colours = alt.Scale(domain=names, range=list(SERIES[: len(names)]))
    share: dict[str, Any] = {"scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format="%", tickCount=5)}
    lines = (
        alt.Chart(_values(points))
        .mark_line(interpolate="step-before", strokeWidth=2.2)
        .encode(
            x=alt.X("recall:Q", title="再現率 Recall", **share),
            y=alt.Y("precision:Q", title="適合率 Precision", **share),
            color=alt.Color("detector:N", scale=colours),
            strokeDash=alt.StrokeDash("detector:N", legend=None),
            order="place:Q",
        )
    )
    level = alt.InlineData(values=[{"y": prevalence}])
    chance = alt.Chart(level).mark_rule(color=RED, strokeDash=[4, 3], strokeWidth=1.5).encode(y="y:Q")
    drawn: alt.LayerChart = (lines + chance).properties(width=WIDTH, height=300)
    return drawn
