"""The page of a run: one HTML file with its pictures inside, in Japanese and English, that needs no network."""

from simulator.report.page import write_run_page

__all__ = ["write_run_page"]
