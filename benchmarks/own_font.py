"""A page in the portal's own font, however late that came: what is measured or pictured is what most visitors see.

The portal's font is optional: a page that was painted before it came keeps the font that stands in, so that nothing jumps.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Page

#: Asks for every font of the page's sheets once more, this time whenever it comes; true once all are there. The layout is asked
#: for first, since it is what asks for the fonts; no promise is waited for, since pages without JavaScript keep none.
_IS_THERE = """() => {
  document.documentElement.offsetHeight;
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  if (document.readyState !== "complete" && links.some(link => !link.sheet)) return false;
  const sheets = [...document.styleSheets].filter(sheet => sheet.href?.startsWith(location.origin));
  const own = () => [...document.fonts].filter(face => face.display === "block");
  for (const rule of sheets.flatMap(sheet => [...sheet.cssRules])) {
    if (!(rule instanceof CSSFontFaceRule) || rule.style.getPropertyValue("font-display") !== "optional") continue;
    if (own().some(face => face.weight === rule.style.fontWeight)) continue;
    const address = new URL(/url\\("(.+?)"\\)/.exec(rule.style.getPropertyValue("src"))[1], rule.parentStyleSheet.href);
    const options = {weight: rule.style.fontWeight, display: "block"};
    const face = new FontFace(rule.style.fontFamily.replaceAll('"', ""), `url("${address}")`, options);
    document.fonts.add(face);
    face.load().catch(() => {});
  }
  document.documentElement.offsetHeight;
  return document.fonts.status === "loaded" && own().every(face => face.status === "loaded" || face.status === "error");
}"""


def is_in_own_font(page: Page, *, ask: Callable[..., Any] = Page.evaluate) -> bool:
    try:
        return bool(ask(page, _IS_THERE))
    except Error:  # it gives way to the next page just now
        return False


def wait_for_own_font(page: Page, *, ask: Callable[..., Any] = Page.evaluate) -> None:
    while not is_in_own_font(page, ask=ask):
        page.wait_for_timeout(10)
