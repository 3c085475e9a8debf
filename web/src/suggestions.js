// The search box as a combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

/** Let the arrow keys walk through the suggestions under a box. */
export function listenToSuggestions(box, list) {
  if (!box || !list) return;
  const options = () => [...list.querySelectorAll('[role="option"]')];
  let at = -1;

  function choose(index) {
    const all = options();
    at = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  const show = () => {
    at = -1;
    box.removeAttribute("aria-activedescendant");
    if (!box.value.trim()) list.replaceChildren();
    box.setAttribute("aria-expanded", String(options().length > 0));
  };
  list.addEventListener("htmx:afterSwap", show);
  list.addEventListener("kg-found", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && options().length) choose(at + 1);
    else if (event.key === "ArrowUp" && options().length) choose(at < 0 ? -1 : at - 1);
    else if (event.key === "Escape" && options().length) close();
    else if (event.key === "Enter" && at >= 0) location.assign(options()[at].href);
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!list.contains(event.target) && event.target !== box) close(); });
}
