"""What axe-core has to say against a page."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page


def objections(browser: Browser, url: str, *, width: int, after: Callable[[Page], object] | None = None) -> list[str]:
    """Every rule that the page at `url` breaks, with the element, on a screen `width` pixels wide.

    `after` does what brings the page into the state that is looked at. In a context of its own whose policy is
    switched off: axe writes styles into the page, which ours forbids.
    """
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True, locale="th-TH")
    try:
        page = context.new_page()
        page.goto(url)
        if after:
            after(page)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        found = Axe().run(page).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    finally:
        context.close()
