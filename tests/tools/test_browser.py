"""The browser of the tests: what is there is used, what is missing is installed or asked for; never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.window import start

from tools import browser, debian
from tools.progress import StepError


@pytest.fixture
def bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with no programs but these."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "OF_THE_MAC", tmp_path / "no Mac")
    return tmp_path


def _program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", browser.BROWSERS)
def test_any_chromium_with_its_driver_will_do(bin: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found, driver = _program(bin / name), _program(bin / "chromedriver")
    browser.ensure()
    assert (browser.browser(), browser.driver()) == (found, driver)


@pytest.mark.parametrize("there", [[], ["chromium"], ["chromedriver"]])
def test_what_is_missing_is_installed(bin: Path, monkeypatch: pytest.MonkeyPatch, there: list[str]) -> None:
    """A browser without its driver is as good as none."""
    asked: list[tuple[str, ...]] = []

    def install(what: str, packages: tuple[str, ...]) -> None:
        asked.append(packages)
        for name in ("chromium", "chromedriver"):
            _program(bin / name)

    monkeypatch.setattr(debian, "install", install)
    for name in there:
        _program(bin / name)
    browser.ensure()
    assert asked == [("chromium", "chromium-driver")]
    browser.ensure()
    assert len(asked) == 1


def test_where_it_cannot_be_installed_the_error_says_what_is_missing(bin: Path) -> None:
    with pytest.raises(StepError, match="Chromium and its driver"):
        browser.ensure()


@pytest.mark.parametrize("there", [[], ["chromium"]])
def test_without_it_the_tests_fail_and_say_how_to_get_it(bin: Path, there: list[str]) -> None:
    """Nothing is skipped."""
    for name in there:
        _program(bin / name)
    with pytest.raises(AssertionError, match="apt-get install chromium chromium-driver"):
        start()
