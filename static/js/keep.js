// What is typed into a form with data-keep="name" stays in this tab until it is sent, even when the page is loaded anew.
// Nothing of it leaves the tab; the page that says thanks (data-forget="name") throws it away.
const store = (() => {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
})();

for (const done of document.querySelectorAll("[data-forget]")) store?.removeItem(done.dataset.forget);

for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = form.dataset.keep;
  const inputs = [...form.elements].filter((input) => input.type === "radio" || input.tagName === "TEXTAREA");
  const isKept = (input) => (input.type === "radio" ? input.checked : input.value);
  if (!inputs.some(isKept)) {
    const kept = JSON.parse(store?.getItem(name) ?? "{}");
    for (const input of inputs) {
      if (input.type === "radio") input.checked = kept[input.name] === input.value;
      else input.value = kept[input.name] ?? "";
    }
  }
  form.addEventListener("input", () => {
    const kept = Object.fromEntries(inputs.filter(isKept).map((input) => [input.name, input.value]));
    try {
      store?.setItem(name, JSON.stringify(kept));
    } catch {
      // A tab that may keep nothing still sends.
    }
  });
}
