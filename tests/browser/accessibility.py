"""What axe-core has to say against a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

#: Axe may not write the styles of other hosts into the page, which the page's policy forbids; nor does any script run in our frames.
OPTIONS = {"resultTypes": ["violations"], "preload": False, "iframes": False}


def faults(page: Page, *, within: str | None = None, rules: list[str] | None = None) -> list[tuple[str, str]]:
    """Every rule (or each of `rules`) that the page breaks as it is shown, or its part `within` a selector, with the element."""
    context = {"include": [[within]]} if within else None
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = Axe().run(page, context=context, options=OPTIONS | only).response["violations"]
    return [(rule["id"], node["html"][:300]) for rule in found for node in rule["nodes"]]


def objections(
    browser: Browser, url: str, *, width: int, after: Callable[[Page], object] | None = None, dark: bool = False
) -> list[tuple[str, str]]:
    """The faults of the page at `url`, in a context of its own, on a screen `width` pixels wide, with everything unfolded.

    `after` does what brings the page into the state that is looked at.
    """
    with visitor(browser, dark=dark) as context:
        return objections_in(context, url, width=width, after=after)


def objections_in(context: BrowserContext, url: str, *, width: int, after: Callable[[Page], object] | None = None) -> list[tuple[str, str]]:
    """As `objections`, for the pages of one visitor: styles, scripts and fonts are fetched once."""
    page = context.new_page()
    try:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        if after:
            after(page)
        unfold(page)
        return faults(page)
    finally:
        page.close()


@contextmanager
def visitor(browser: Browser, *, dark: bool = False) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="th-TH", color_scheme="dark" if dark else "light")
    try:
        yield context
    finally:
        context.close()


def unfold(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
