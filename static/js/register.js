// What the page can do before it is sent. Without this file it all works too, only less smoothly.
const form = document.querySelector("form[novalidate]");
const province = document.getElementById("id_province");
const groups = form.querySelector(".group-choice");

// Only the groups that fit the place are shown; the one for central agencies is chosen by itself.
function fitGroups() {
  const scope = { "": "", central: "central" }[province.value] ?? "province";
  const fitting = [];
  for (const choice of groups.querySelectorAll(".choice")) {
    const input = choice.querySelector("input");
    choice.hidden = scope !== "" && choice.dataset.scope !== scope;
    if (choice.hidden) input.checked = false;
    else fitting.push(input);
  }
  if (fitting.length === 1) fitting[0].checked = true;
}
// Who changes his details later has no place to choose.
if (province) {
  province.addEventListener("change", fitGroups);
  fitGroups();
}

// A chosen agency brings its abbreviation, unless there is one already that somebody typed.
const organisation = document.getElementById("id_organisation");
const abbreviation = document.getElementById("id_organisation_short");
let filledIn = "";
organisation.addEventListener("change", () => {
  const known = [...document.getElementById("agencies").options].find((option) => option.value === organisation.value.trim());
  if (known && (abbreviation.value === "" || abbreviation.value === filledIn)) {
    filledIn = known.label;
    abbreviation.value = filledIn;
  }
});

// Sent once is enough: the button rests until the answer comes, or the page is shown again.
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  delete form.dataset.sent;
  // A browser that goes back chooses the place again and says so to nobody.
  if (province && province.value !== (province.querySelector("[selected]")?.value ?? "")) province.dispatchEvent(new Event("change"));
});
