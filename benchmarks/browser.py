"""Chromium without a window, which opens a report: what it draws, what it asks for and what it complains of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium with its driver is here (Debian: apt install chromium chromium-driver)"
# elements of a kind anywhere on the page: bokeh's are in shadow trees
FIND = """
const found = []
const search = root => { for (const one of root.querySelectorAll("*")) {
  if (one.matches(arguments[0])) found.push(one)
  if (one.shadowRoot) search(one.shadowRoot)
} }
search(document)
return found.map(one => [one.textContent, one.getBoundingClientRect().width])
"""
PIXEL = """
const model = Bokeh.documents.map(one => one.get_model_by_name(arguments[0])).find(one => one)
const view = Bokeh.index.find_one(model), box = view.canvas_view.el.getBoundingClientRect()
return [box.left + view.frame.x_scale.compute(arguments[1]), box.top + view.frame.y_scale.compute(arguments[2])]
"""
INTO_VIEW = """
const root = Bokeh.documents.flatMap(one => one.roots()).find(one => one.name == arguments[0])
document.querySelector(`[data-root-id="${root.id}"]`).parentElement.scrollIntoView({block: "center"})
"""
READY = """
const done = arguments[arguments.length - 1]
const look = () => {
  const all = window.Bokeh ? Bokeh.documents : []
  if (all.length && all.every(one => one.is_idle)) requestAnimationFrame(() => done(performance.now()))
  else setTimeout(look, 5)
}
look()
"""


def is_here() -> bool:
    """Whether there is a browser and what drives it."""
    return _program() is not None and shutil.which("chromedriver") is not None


def _program() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """An open page."""

    def __init__(self, driver: Any):
        self.driver = driver

    def open(self, path: Path) -> float:
        """Open a file; the milliseconds until everything on it was drawn."""
        self.driver.get(path.resolve().as_uri())
        return float(self.driver.execute_async_script(READY))

    def busy_ms(self) -> float:
        """Processor time in milliseconds that the page's own thread has taken since it was opened."""
        said = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return 1e3 * next(one["value"] for one in said if one["name"] == "TaskDuration")

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def tooltips(self) -> str:
        """The text of what hovers over a plot now."""
        return " ".join(text for text, width in self.run(FIND, ".bk-tooltip-content") if width)

    def over(self, figure: str, x: float, y: float) -> tuple[float, float]:
        """Move the mouse over a place in a plot, in its units; the pixels."""
        self.run(INTO_VIEW, figure)
        at = self.run(PIXEL, figure, x, y)
        self._mouse("mouseMoved", at)
        return at

    def click(self, figure: str, x: float, y: float) -> None:
        """Click on a place in a plot."""
        at = self.over(figure, x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self._mouse(kind, at, button="left", clickCount=1)

    def drag(self, figure: str, start: tuple[float, float], stop: tuple[float, float]) -> None:
        """Drag from one place in a plot to another."""
        self.over(figure, *start)
        self._mouse("mousePressed", self.run(PIXEL, figure, *start), button="left", clickCount=1)
        for share in (0.3, 0.6, 1.0):
            between = [a + share * (b - a) for a, b in zip(start, stop, strict=True)]
            self._mouse("mouseMoved", self.run(PIXEL, figure, *between), button="left", buttons=1)
        self._mouse("mouseReleased", self.run(PIXEL, figure, *stop), button="left", clickCount=1)

    def _mouse(self, kind: str, at: Any, **how: Any) -> None:
        self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": at[0], "y": at[1], **how})

    def size(self, width: int, height: int = 900) -> None:
        """Make the window this large, below 600 pixels that of a phone."""
        how = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", how)

    def complaints(self) -> list[str]:
        """What the browser has complained of since it was asked last, but for notes."""
        return [one["message"] for one in self.driver.get_log("browser") if one["level"] != "INFO"]

    def asked_for(self) -> set[str]:
        """The schemes and hosts of everything that was asked for since this was asked last."""
        said = [json.loads(one["message"])["message"] for one in self.driver.get_log("performance")]
        urls = [one["params"]["request"]["url"] for one in said if one["method"] == "Network.requestWillBeSent"]
        return {url.partition(":")[0] for url in urls}


@contextmanager
def browser() -> Iterator[Page]:
    """A browser that is cut off from every network."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(_program())
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,900"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        driver.set_script_timeout(120)
        yield Page(driver)
    finally:
        driver.quit()
