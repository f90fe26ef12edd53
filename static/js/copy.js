// A button with data-copy="id" puts that element's text on the clipboard and says so in the button itself.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const label = button.querySelector("span") ?? button;
  const words = [...label.childNodes];
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText((source.hidden ? source.textContent : source.innerText).trim());
    label.textContent = button.dataset.copied || label.textContent;
    setTimeout(() => label.replaceChildren(...words), 3000);
  });
}
