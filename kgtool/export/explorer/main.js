// The page put together: what the reader does, and what is written anew after it.

/** Choose a node, or none: show what is said of it. */
function choose(node, byHand) {
  state.chosen = node;
  if (byHand && location.hash.slice(1) !== addressOf(node)) location.hash = addressOf(node);
  writeDetails();
  writeResults();
  if (state.only) compose();
  else if (node && !pointed && drawn.nodes.includes(node)) reach(node);
  draw();
  if (!node) return;
  const said = node.edges.filter(isShown).length;
  document.getElementById("spoken").textContent = say("chosen", visible(pick(node.label)), said);
  if (byHand) {
    document.getElementById("details").scrollTop = 0;
    document.getElementById("heading").focus({ preventScroll: !matchMedia("(max-width: 640px)").matches });
  }
}

/** Say how the address names a node after "#": by its id, unless no address can hold that. */
function addressOf(node) {
  try {
    return node ? encodeURIComponent(node.id) : "";
  } catch {
    return String(node.index);
  }
}

function chooseByAddress() {
  const name = location.hash.slice(1);
  const node = (name && nodes.find((one) => one.id === name || addressOf(one) === name)) || null;
  if (node !== state.chosen) choose(node, false);
}

/** Write what depends on the search and the filters. */
function refilter() {
  listed = LISTED;
  writeResults();
  writeDetails();
  if (state.view === "graph") compose(); else writeTables();
}

function setView(view) {
  state.view = view;
  document.getElementById("graph").hidden = view !== "graph";
  document.getElementById("table").hidden = view !== "table";
  press("views", view);
  if (view === "graph") compose(); else writeTables();
}

function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  const title = visible(pick(data.title));
  document.title = title;
  document.getElementById("title").textContent = title;
  for (const element of document.querySelectorAll("[data-words]")) element.textContent = say(element.dataset.words);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  writeControls();
  press("languages", chosen);
  writeResults();
  writeDetails();
  setView(state.view);
}

/** Show which button of a group is pressed. */
function press(group, value) {
  for (const button of document.getElementById(group).children) {
    button.setAttribute("aria-pressed", String(button.dataset.value === value));
  }
}

/** Write the controls, whose words change with the language. */
function writeControls() {
  document.getElementById("views").replaceChildren(...["graph", "table"].map((view) =>
    make("button", { type: "button", "data-value": view, click: () => setView(view) }, say(view))));
  const used = MODALITIES.filter((one) => edges.some((edge) => edge.modality === one));
  document.getElementById("modalities").replaceChildren(...used.map((one) =>
    choice(one, state.modalities, make("span", { class: `stroke ${one}` }), say(one),
      edges.filter((edge) => edge.modality === one).length)));
  document.getElementById("classes").replaceChildren(...data.classes.map((class_, index) => {
    const dot = make("span", { class: "dot" });
    dot.style.background = class_.colour;
    return choice(index, state.classes, dot, label(class_), nodes.filter((node) => node.class === index).length);
  }));
  document.getElementById("legend").replaceChildren(...used.map((one) =>
    make("span", {}, make("span", { class: `stroke ${one}` }), say(one))));
  document.getElementById("bulk").replaceChildren(
    make("button", { type: "button", click: () => setClasses(data.classes.keys()) }, say("all")),
    make("button", { type: "button", click: () => setClasses([]) }, say("none")));
  const middle = () => [canvas.clientWidth / 2, canvas.clientHeight / 2];
  document.getElementById("tools").replaceChildren(
    make("button", { type: "button", "aria-pressed": String(state.only), id: "only", click: () => {
      state.only = !state.only;
      document.getElementById("only").setAttribute("aria-pressed", String(state.only));
      compose();
    } }, say("only")),
    make("button", { type: "button", "aria-label": say("larger"), click: () => magnify(1.4, ...middle()) }, "+"),
    make("button", { type: "button", "aria-label": say("smaller"), click: () => magnify(1 / 1.4, ...middle()) }, "−"),
    make("button", { type: "button", click: fitAll }, say("fit")));
}

function setClasses(classes) {
  state.classes = new Set(classes);
  writeControls();
  press("views", state.view);
  refilter();
}

function choice(value, set, mark, text, number) {
  const box = make("input", { type: "checkbox", "data-value": value });
  box.checked = set.has(value);
  box.addEventListener("change", () => {
    if (box.checked) set.add(value); else set.delete(value);
    refilter();
  });
  return make("label", { class: "choice" }, box, mark, make("span", {}, text), make("span", { class: "number" },
    String(number)));
}

let pause = 0;
const search = document.getElementById("search");
search.addEventListener("input", () => {
  state.words = search.value;
  listed = LISTED;
  writeResults();
  clearTimeout(pause);
  if (state.view === "table") pause = setTimeout(writeTables, 150);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.chosen && event.target !== search) choose(null, true);
});
document.getElementById("languages").replaceChildren(...Object.entries(LANGUAGES).map(([tag, name]) =>
  make("button", { type: "button", lang: tag, "data-value": tag, click: () => setLanguage(tag) }, name)));
document.getElementById("filters").open = !matchMedia("(max-width: 640px)").matches;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
addEventListener("hashchange", chooseByAddress);
new ResizeObserver(fitAll).observe(canvas);
listenToPointers((node) => choose(node, true));
listenToKeys();
setLanguage(data.language);
chooseByAddress();
