"""Which Thai words of a page lie on two lines."""

from playwright.sync_api import Page

from sessions.line_breaks import words

LABELS = "label, th, dt, legend, h1, h2, h3, button, .button, .state-line"
#: What stands in lists is what somebody wrote, and may be of any length.
ELSEWHERE = "script, style, select, textarea, .results td, .results th a"
#: For every text of a label that is shown: each word of it whose letters are not all at one height. Two of them within 1 px are one line.
DIVIDED = """([labels, elsewhere, words]) => {
  const kept = new RegExp(words.join("|"), "g"), range = document.createRange(), found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement;
    if (!parent.closest(labels) || parent.closest(elsewhere) || !parent.checkVisibility()) continue;
    for (const match of text.data.matchAll(kept)) {
      range.setStart(text, match.index);
      range.setEnd(text, match.index + match[0].length);
      const lines = [...range.getClientRects()].filter(part => part.width > 1).map(part => Math.round(part.top));
      if (Math.max(...lines) - Math.min(...lines) > 1) found.push(`${match[0]}: ${parent.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}"""


def divided_labels(page: Page) -> list[str]:
    return page.evaluate(DIVIDED, [LABELS, ELSEWHERE, sorted(words(), key=len, reverse=True)])


def divided_words(page: Page) -> list[str]:
    """The same for all that stands on a page of a participant; a name of a group rather breaks than leaves its button."""
    return page.evaluate(DIVIDED, ["body", f"{ELSEWHERE}, .pills", sorted(words(), key=len, reverse=True)])


#: Whatever lays its children out as boxes gives each word that is kept together a column of its own.
SCATTERED = """[...document.querySelectorAll(".nb")]
  .filter(word => word.checkVisibility() && /flex|grid/.test(getComputedStyle(word.parentElement).display))
  .map(word => word.parentElement.outerHTML.slice(0, 120))"""


def scattered(page: Page) -> list[str]:
    """Sentences whose words stand beside one another in columns."""
    return page.evaluate(SCATTERED)
