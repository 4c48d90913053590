"""A drill served by the command in a process of its own, as a trainer serves it; and seats before a browser."""

import contextlib
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_ANSWERS = re.compile(r"http://127\.0\.0\.1:(\d+)/ answers")
_CODE = re.compile(r"^  (\S.*?)  ([A-Z0-9]{6})$")


@dataclass
class Served:
    """A running console.

    Attributes:
        url: where it answers.
        codes: team or facilitator → code.
        process: to be killed.
        said: everything it wrote.
    """

    url: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    said: list[str] = field(default_factory=list)

    @property
    def facilitator(self):
        """The facilitator's code."""
        return next(code for name, code in self.codes.items() if name.startswith("facilitator"))


def start(pack: Path, *options: str, port: int = 0, wait_s: float = 120.0) -> Served:
    """Serve `pack`; returns when it answers."""
    served = Served()
    command = [
        sys.executable,
        "-m",
        "simulator.cli",
        "drill",
        "serve",
        str(pack),
        "--port",
        str(port),
        "--minutes",
        "8",
    ]
    served.process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, encoding="utf-8")
    threading.Thread(target=_listen, args=(served,), daemon=True).start()
    until = time.monotonic() + wait_s
    while not (served.url and len(served.codes) > 1):
        assert served.process.poll() is None, "".join(served.said)
        assert time.monotonic() < until, "".join(served.said)
        time.sleep(0.05)
    time.sleep(0.2)
    return served


def _listen(served: Served) -> None:
    for line in served.process.stderr:
        served.said.append(line)
        if found := _ANSWERS.search(line):
            served.url = f"http://127.0.0.1:{found[1]}"
        if code := _CODE.match(line.rstrip("\n")):
            served.codes[code[1]] = code[2]


@contextlib.contextmanager
def serving(pack: Path, *options: str):
    """The console of `pack`, stopped at the end."""
    served = start(pack, *options)
    try:
        yield served
    finally:
        stop(served)


def stop(served: Served) -> None:
    """Kill it: there is nothing that it would have to tidy up."""
    served.process.kill()
    served.process.wait()
    served.process.stderr.close()


class Seat:
    """One person before a browser of their own."""

    def __init__(self, browser, served: Served, code: str, name: str) -> None:
        """Sign in."""
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP")
        self.page = self.context.new_page()
        self.served, self.said, self.asked = served, [], []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(f"{served.url}/sign-in")
        self.page.fill("#code", code)
        self.page.fill("#member", name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#who")

    def go(self, path: str) -> None:
        """Open a page of the console."""
        self.page.goto(self.served.url + path)
        self.page.wait_for_selector(".jk-main")

    def press(self, words: str) -> None:
        """Press the button of these words."""
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def sees(self, words: str) -> None:
        """Wait until the words are on the page."""
        self.page.get_by_text(words).first.wait_for(timeout=20_000)

    @property
    def foreign(self) -> list[str]:
        """What was asked for that is not the console's."""
        return [url for url in self.asked if not url.startswith((self.served.url, "data:", "blob:"))]
