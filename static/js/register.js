// What the page can do before it is sent. Without this file it all works too, only less smoothly.
const form = document.querySelector("form[novalidate]");
const province = document.getElementById("id_province");
const groups = form.querySelector(".group-choice");

// Only the groups that fit the place are shown; the one for central agencies is chosen by itself, and needs no question then.
function fitGroups() {
  const scope = province.value === "central" ? "central" : "province";
  const fitting = [];
  for (const label of groups.querySelectorAll("label[data-scope]")) {
    const input = label.querySelector("input");
    label.hidden = label.dataset.scope !== scope;
    if (label.hidden) input.checked = false;
    else fitting.push(input);
  }
  if (fitting.length === 1) fitting[0].checked = true;
  groups.hidden = fitting.length === 1 && !groups.classList.contains("field-invalid");
}
// Who changes their details later has no place to choose.
if (province) {
  province.addEventListener("change", fitGroups);
  fitGroups();
}

// The abbreviation is asked for only where the portal does not know it; what is known is shown, and never typed into a field.
const organisation = document.getElementById("id_organisation");
const asked = document.getElementById("ask-short");
const known = document.getElementById("known-short");
const agencies = [...(document.getElementById("agencies")?.options ?? [])].sort((one, other) => other.value.length - one.value.length);

function knownAbbreviation() {
  const name = organisation.value.trim();
  const agency = agencies.find((option) => name.startsWith(option.value));
  if (!agency) return "";
  const place = name.slice(agency.value.length).trim().replace(/^จังหวัด/, "").trim();
  const own = (province?.selectedOptions[0]?.text ?? "").split(/ [–(]/)[0].trim();
  return place === "" || place === own ? agency.label : "";
}

function askForAbbreviation() {
  if (!organisation || !asked || !known) return;
  const abbreviation = knownAbbreviation();
  const field = asked.querySelector("input");
  known.hidden = !abbreviation || field.value !== "";
  known.querySelector("b").textContent = abbreviation;
  asked.hidden = !asked.classList.contains("keep") && field.value === "" && (abbreviation !== "" || organisation.value.trim() === "");
}
for (const event of ["input", "change"]) organisation?.addEventListener(event, askForAbbreviation);
province?.addEventListener("change", askForAbbreviation);
askForAbbreviation();

// Without a connection the browser would leave the page for one of its own, and what was typed with it.
const offline = document.getElementById("offline");
addEventListener("online", () => {
  if (offline) offline.hidden = true;
});

// Sent once is enough: the button rests until the answer comes, or the page is shown again.
form.addEventListener("submit", (event) => {
  if (offline && navigator.onLine === false) {
    event.preventDefault();
    offline.hidden = false;
    offline.scrollIntoView({ block: "center" });
    return;
  }
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  delete form.dataset.sent;
  // A browser that goes back chooses the place again and says so to nobody.
  if (province && province.value !== (province.querySelector("[selected]")?.value ?? "")) province.dispatchEvent(new Event("change"));
  askForAbbreviation();
});

// What is wrong is read first, wherever the browser had scrolled to.
document.querySelector(".error-summary, .notice[autofocus]")?.scrollIntoView({ block: "start" });
