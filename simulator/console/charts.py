"""Pictures of the evidence as options of ECharts, which is part of NiceGUI and needs no network.

Colours are those of Okabe and Ito, told apart by the colour-blind; shape or place says the same again.
Source of the colours: jfly.uni-koeln.de/color (Okabe, Ito 2008).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from simulator.clock import HOUR_MS, JST_OFFSET_MS
from simulator.console.frames import DAY_MS, Frames, Rows, day_of
from simulator.console.views import Measure, Operator
from simulator.console.words import MEASURES, Tongue, codes
from simulator.schema import EVENT

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#6B7280",
)  # fmt: skip
# Action → colour and symbol; the rest is grey.
_LOOKS = {
    "view": (BLUE, "circle"), "search": (SKY, "triangle"), "list": (SKY, "emptyTriangle"),
    "issue": (GREEN, "rect"), "print": (VERMILION, "diamond"), "unmask": (PURPLE, "pin"),
    "update": (GREEN, "emptyRect"), "export": (VERMILION, "arrow"),
}  # fmt: skip
_FONT = {"fontFamily": "inherit", "fontSize": 13}


def _base(**more: Any) -> dict[str, Any]:
    return {"animation": False, "textStyle": _FONT, "aria": {"enabled": True}, **more}


def over_time(frames: Frames, found: Rows, name: str) -> dict[str, Any]:
    """How many of the events `found` there are by day; by hour where they span three days or less."""
    at = frames.at_ms[found]
    step = HOUR_MS if not len(at) or at.max() - at.min() < 3 * DAY_MS else DAY_MS
    steps = (at + JST_OFFSET_MS) // step
    first = int(steps.min()) if len(steps) else 0
    counts = np.bincount(steps - first)
    points = [[_stamp((first + n) * step, hours=step == HOUR_MS), int(count)] for n, count in enumerate(counts)]
    return _base(
        grid={"left": 48, "right": 8, "top": 8, "bottom": 22},
        xAxis={"type": "category", "data": [p[0] for p in points], "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "minInterval": 1, "splitNumber": 2},
        tooltip={"trigger": "axis"},
        series=[
            {
                "type": "bar",
                "barMaxWidth": 44,
                "name": name,
                "data": [p[1] for p in points],
                "itemStyle": {"color": BLUE},
            }
        ],
    )


def _stamp(local_ms: int, *, hours: bool) -> str:
    stamp = str(np.datetime64(int(local_ms), "ms"))
    return f"{stamp[5:10]} {stamp[11:13]}時" if hours else stamp[5:10]


def day_and_hour(frames: Frames, rows: Rows, lang: str) -> dict[str, Any]:
    """When events happened: the day across, the hour of the day upwards, the act as colour and shape."""
    local = frames.at_ms[rows] + JST_OFFSET_MS
    keys = frames.keys["action"][rows]
    series = []
    for number in np.unique(keys):
        chosen = local[keys == number]
        points = [
            [_stamp(ms // DAY_MS * DAY_MS, hours=False), round(ms % DAY_MS / HOUR_MS, 3)] for ms in chosen.tolist()
        ]
        series.append(_marks(EVENT["action"].choices[number], points, lang))
    days = [_stamp(day * DAY_MS, hours=False) for day in _every_day(frames)]
    return _base(
        legend={"top": 0, "itemWidth": 14}, tooltip={"trigger": "item"},
        grid={"left": 44, "right": 12, "top": 34, "bottom": 24},
        xAxis={"type": "category", "data": days, "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "min": 6, "max": 22, "interval": 2, "axisLabel": {"formatter": "{value}:00"}},
        series=series,
    )  # fmt: skip


def _every_day(frames: Frames) -> range:
    first, last = day_of(frames.at_ms[[0, -1]])
    return range(int(first), int(last) + 1)


def _marks(action: str, points: Sequence[Sequence[Any]], lang: str) -> dict[str, Any]:
    colour, symbol = _LOOKS.get(action, (GREY, "emptyCircle"))
    return {
        "type": "scatter", "name": codes("action", lang).get(action, action), "data": points, "symbol": symbol,
        "symbolSize": 11, "itemStyle": {"color": colour, "opacity": 0.85},
    }  # fmt: skip


def day_line(frames: Frames, seen: Operator, lang: str, t: Tongue) -> dict[str, Any]:
    """A day of an operator: hours of duty and lunch as bands, each event as a mark in the row of its act."""
    local = frames.at_ms[seen.rows] + JST_OFFSET_MS
    keys = frames.keys["action"][seen.rows]
    actions = [EVENT["action"].choices[number] for number in np.unique(keys)]
    titles = [codes("action", lang)[action] for action in actions]
    series = [
        _marks(action, [[round(ms % DAY_MS / HOUR_MS, 4), title] for ms in local[keys == number].tolist()], lang)
        for action, title, number in zip(actions, titles, np.unique(keys), strict=True)
    ]
    return _base(
        grid={"left": 110, "right": 16, "top": 26, "bottom": 28}, tooltip={"trigger": "item"},
        xAxis={"type": "value", "min": 7, "max": 22, "interval": 1, "axisLabel": {"formatter": "{value}:00"}},
        yAxis={"type": "category", "data": titles},
        series=[*series, _bands(seen.duty, t)],
    )  # fmt: skip


def _bands(duty: Mapping[str, Any] | None, t: Tongue) -> dict[str, Any]:
    bands = []
    if duty is not None:
        bands.append(_band(t("勤務", "on duty"), _hour(duty["starts"]), _hour(duty["ends"]), "#E8F1F8"))
        if duty["lunch_starts"] is not None:
            lunch = _hour(duty["lunch_starts"])
            bands.append(_band(t("昼休み", "lunch"), lunch, lunch + 1, "#FBEFD5"))
    label = {"position": "insideTopLeft", "color": "#374151"}
    return {"type": "scatter", "data": [], "markArea": {"silent": True, "label": label, "data": bands}}


def _band(name: str, start: float, end: float, colour: str) -> list[dict[str, Any]]:
    return [{"name": name, "xAxis": start, "itemStyle": {"color": colour}}, {"xAxis": end}]


def _hour(at: Any) -> float:
    return float(round(at.hour + at.minute / 60, 3))


def beside_peers(measure: Measure, lang: str, t: Tongue) -> dict[str, Any]:
    """One figure of an operator on the line of the peers: they are hollow rings, the operator a full diamond."""
    peers = [[round(value, 4), 0] for value in measure.peers]
    top = max([measure.own, *measure.peers]) or 1.0
    return _base(
        title={"text": MEASURES[measure.name][lang == "en"], "textStyle": {"fontSize": 13, "fontWeight": "normal"}},
        grid={"left": 12, "right": 24, "top": 30, "bottom": 22}, tooltip={"trigger": "item"},
        xAxis={"type": "value", "min": 0, "max": top * 1.05, "splitNumber": 4, "axisLabel": {"showMaxLabel": False}},
        yAxis={"type": "value", "show": False, "min": -1, "max": 1},
        series=[
            {"type": "scatter", "name": t("同じ課の職員", "peers"), "data": peers, "symbol": "emptyCircle",
             "symbolSize": 10, "itemStyle": {"color": GREY}},
            {"type": "scatter", "name": t("この職員", "this operator"), "data": [[round(measure.own, 4), 0]],
             "symbol": "diamond", "symbolSize": 16, "itemStyle": {"color": VERMILION}},
        ],
    )  # fmt: skip


def by_day(days: Mapping[date, int], chosen: date, name: str) -> dict[str, Any]:
    """Events of an operator by day; the chosen day stands out by colour and outline."""
    marked = {"color": VERMILION, "borderColor": "#111827", "borderWidth": 2}
    bars = [{"value": count, "itemStyle": marked if day == chosen else {"color": BLUE}} for day, count in days.items()]
    return _base(
        grid={"left": 40, "right": 8, "top": 8, "bottom": 22}, tooltip={"trigger": "axis"},
        xAxis={"type": "category", "data": [f"{day:%m-%d}" for day in days], "axisLabel": {"hideOverlap": True}},
        yAxis={"type": "value", "minInterval": 1, "splitNumber": 2},
        series=[{"type": "bar", "name": name, "data": bars}],
    )  # fmt: skip
