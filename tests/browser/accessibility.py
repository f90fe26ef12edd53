"""What axe-core has to say against a page."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

#: Axe may not write the styles of other hosts into the page, which the page's policy forbids.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def faults(page: Page, *, within: str | None = None) -> list[tuple[str, str]]:
    """Every rule that the page breaks as it is shown, or its part that the selector `within` names, with the element."""
    context = {"include": [[within]]} if within else None
    found = Axe().run(page, context=context, options=OPTIONS).response["violations"]
    return [(rule["id"], node["html"][:300]) for rule in found for node in rule["nodes"]]


def objections(browser: Browser, url: str, *, width: int, after: Callable[[Page], object] | None = None) -> list[tuple[str, str]]:
    """The faults of the page at `url`, in a context of its own, on a screen `width` pixels wide, with everything unfolded.

    `after` does what brings the page into the state that is looked at.
    """
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="th-TH")
    try:
        page = context.new_page()
        page.goto(url)
        if after:
            after(page)
        unfold(page)
        return faults(page)
    finally:
        context.close()


def unfold(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
