"""The emulator's page in a real browser without a window: what a person sees, types and clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tools import browser

PATIENCE = 60
"""Seconds after which a page that does not come to what is expected is given up: a limit for broken code only."""

Found = TypeVar("Found")


def start() -> webdriver.Chrome:
    """Chromium, from what this computer has; its absence is a failure that says how to get it."""
    program, driver = browser.browser(), browser.driver()
    assert program, f"There is no browser here: {browser.HOW}"
    assert driver, f"There is no driver for {program}: {browser.HOW}"
    options = webdriver.ChromeOptions()
    options.binary_location = str(program)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Nothing is looked up or fetched in the background; shared memory is small in containers.
    alone = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
    for argument in [*alone, *(["--no-sandbox"] if browser.needs_no_sandbox() else [])]:
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service(str(driver)))


class Window:
    """One window on one emulator. What is asked for is waited for: a page changes when the server rings, not at once."""

    def __init__(self, chrome: webdriver.Chrome, url: str) -> None:
        self.chrome = chrome
        self.url = url

    def look(self, width: int = 1280, *, dark: bool = False, still: bool = False) -> None:
        """Set the width, and what the reader's system prefers."""
        given = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", given)
        prefers = {"prefers-color-scheme": "dark" if dark else "light", "prefers-reduced-motion": "reduce" if still else "no-preference"}
        features = [{"name": name, "value": value} for name, value in prefers.items()]
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, path: str = "/") -> None:
        """Open a view, and wait until it listens."""
        if "#" in path:
            self.chrome.get("about:blank")  # else the browser would only jump
        self.chrome.get(self.url + path)
        self.until(lambda: self.text("#live") == "live")

    def until(self, wanted: Callable[[], Found]) -> Found:
        """Wait for something that is true."""
        waiting = WebDriverWait(self.chrome, PATIENCE, 0.05, [StaleElementReferenceException, IndexError])
        return waiting.until(lambda _: wanted())

    def all(self, selector: str) -> list[WebElement]:
        return self.chrome.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.until(lambda: self.all(selector)[0])

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def click(self, selector: str) -> None:
        element = self.one(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def press(self, label: str, within: str = "body") -> None:
        """Click the button that is called so."""

        def shown() -> WebElement | None:
            found = self.one(within).find_elements(By.XPATH, f".//button[normalize-space()='{label}']")
            return next((each for each in found if each.is_displayed()), None)

        button = self.until(shown)
        self.run("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def type(self, selector: str, text: str, *, over: bool = True) -> None:
        element = self.one(selector)
        if over:
            # As a person would. WebDriver's own clear() leaves the field in between, and the page may then fill it anew.
            self.run("arguments[0].focus(); arguments[0].select()", element)
            text = f"{Keys.DELETE}{text}"
        element.send_keys(text)

    def choose(self, selector: str, value: str) -> None:
        Select(self.one(selector)).select_by_value(value)

    def run(self, script: str, *given: Any) -> Any:
        return self.chrome.execute_script(script, *given)

    def said(self, text: str) -> None:
        """Wait until the page says so in passing."""
        self.until(lambda: text in self.text("#said"))

    def complaints(self) -> list[str]:
        """What the browser found wrong: errors of scripts, what the policy refused, what was not there."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]
