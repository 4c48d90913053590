"""Records are printed as an office prints them."""

from datetime import date

import polars as pl
import pytest

from simulator.population.shown import birth_text


@pytest.mark.parametrize(
    ("birth", "known", "nation", "text"),
    [
        (date(1926, 12, 24), "day", "JP", "大正15年12月24日"),
        (date(1926, 12, 25), "day", "JP", "昭和元年12月25日"),
        (date(1935, 1, 1), "year", "JP", "昭和10年月日不詳"),
        (date(1935, 3, 1), "month", "JP", "昭和10年3月日不詳"),
        (date(1935, 1, 1), "none", "JP", "年月日不詳"),
        (date(2019, 4, 30), "day", "JP", "平成31年4月30日"),
        (date(1990, 1, 1), "year", "VN", "1990年月日不詳"),
    ],
)
def test_birth_dates(birth: date, known: str, nation: str, text: str) -> None:
    """Eras begin on their day, and what is not known is said so."""
    frame = pl.DataFrame({"b": [birth], "k": [known], "n": [nation]})
    assert frame.select(birth_text(pl.col("b"), pl.col("k"), pl.col("n"))).item() == text
