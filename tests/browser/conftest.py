"""A browser that tells of everything that a page should not do."""

import os
from collections.abc import Callable, Iterator
from functools import wraps
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from benchmarks.own_font import wait_for_own_font
from tests.conftest import CHROMIUM

# Playwright's loop runs in the thread of the tests, which Django takes for one that must not ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A condition is waited for as long as a machine takes that does other work too; five seconds are the default.
expect.set_options(timeout=30_000)

TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => {
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture(scope="session")
def playwright(django_db_setup: None, playwright: Playwright) -> Playwright:
    """Playwright, whose running loop gives its thread other connections: the database is made before."""
    return playwright


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-background-networking", "--font-render-hinting=none"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """A visitor who reads Thai."""
    return browser_context_args | {"locale": "th-TH", "timezone_id": "Asia/Bangkok"}


@pytest.fixture(scope="session", autouse=True)
def measured_in_own_font() -> Iterator[None]:
    """Nothing is measured in the font that stands in for a page's own until that has come: whatever measures waits for it."""
    with pytest.MonkeyPatch.context() as patch:
        ask = Page.evaluate
        for owner, measure in ((Page, "evaluate"), (Locator, "evaluate"), (Locator, "evaluate_all"), (Locator, "bounding_box")):
            patch.setattr(owner, measure, _in_own_font(getattr(owner, measure), ask))
        yield


def _in_own_font(measure: Callable, ask: Callable) -> Callable:
    @wraps(measure)
    def measured(of: Page | Locator, *args, **kwargs):
        wait_for_own_font(of if isinstance(of, Page) else of.page, ask=ask)
        return measure(of, *args, **kwargs)

    return measured


@pytest.fixture
def page(context: BrowserContext, live_server) -> Iterator[Page]:
    """A page that must do without errors, without violations of its policy and without other hosts."""
    faults: list[str] = []
    context.add_init_script(TELL_OF_VIOLATIONS)
    page = context.new_page()
    page.on("console", lambda message: faults.append(f"{message.type}: {message.text}") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda request: faults.append(f"asked {request.url}") if _elsewhere(request.url, live_server.url) else None)
    yield page
    assert faults == []


def _elsewhere(url: str, portal: str) -> bool:
    return urlsplit(url).scheme != "data" and urlsplit(url).netloc != urlsplit(portal).netloc
