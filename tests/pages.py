"""What a page holds: the fields of its forms, as a browser would send them."""

from html.parser import HTMLParser

#: Types of fields that send nothing unless somebody presses or ticks them.
PRESSED = {"submit", "button", "reset", "image", "file"}


class HeldForms(HTMLParser):
    """The forms of a page by their id (or their number), each with its address, its way and the pairs that it would send untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, dict] = {}
        self.current: str | None = None
        self.select: dict | None = None
        self.textarea: tuple[str, str] | None = None
        self.text = ""
        self.feed(page)

    def add(self, form: str | None, name: str | None, value: str) -> None:
        if form in self.forms and name:
            self.forms[form]["pairs"].append((name, value))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        form = given.get("form") or self.current
        if tag == "form":
            self.current = given.get("id") or str(len(self.forms))
            self.forms[self.current] = {"action": given.get("action") or "", "method": given.get("method", "get").lower(), "pairs": []}
        elif "disabled" in given:
            return
        elif tag == "input" and given.get("type", "text") not in PRESSED:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.add(form, given.get("name"), given.get("value", "on" if "checked" in given else ""))
        elif tag == "textarea":
            self.textarea, self.text = (form, given.get("name")), ""
        elif tag == "select":
            self.select = {"form": form, "name": given.get("name"), "many": "multiple" in given, "first": None, "chosen": []}
        elif tag == "option" and self.select is not None:
            value = given.get("value") or ""
            self.select["first"] = value if self.select["first"] is None else self.select["first"]
            if "selected" in given:
                self.select["chosen"].append(value)

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None
        elif tag == "textarea" and self.textarea:
            self.add(*self.textarea, self.text.removeprefix("\n"))
            self.textarea = None
        elif tag == "select" and self.select:
            one, chosen = not self.select["many"], self.select["chosen"]
            if one and not chosen and self.select["first"] is not None:
                chosen = [self.select["first"]]
            for value in chosen[-1:] if one else chosen:
                self.add(self.select["form"], self.select["name"], value)
            self.select = None


def held(page: str, form: str) -> dict[str, list[str]]:
    """What the form with the id `form` would send if somebody pressed its button and nothing else."""
    return sent(HeldForms(page).forms[form])


def sent(form: dict) -> dict[str, list[str]]:
    """The same of one of HeldForms."""
    found: dict[str, list[str]] = {}
    for name, value in form["pairs"]:
        found.setdefault(name, []).append(value)
    return found
