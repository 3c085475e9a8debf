// What every page runs: htmx for parts of pages, the suggestions' keys, and the islands when they are on the page.

import htmx from "htmx.org/dist/htmx.esm.js";
import { make } from "./elements.js";
import { keep, kept } from "./memory.js";
import { listenToSuggestions } from "./suggestions.js";

// Parts of pages are pages: without this the server would answer as it does to programs.
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers.Accept = "text/html"; });

/** The islands, each loaded when its element is there. */
const ISLANDS = {
  "kg-graph": () => import("./graph.js"),
  "kg-chart": () => import("./chart.js"),
  "kg-editor": () => import("./editor.js"),
  "kg-query": () => import("./query.js"),
};

/** What draws is large, and beside a table that says the same: it is fetched when a reader first wants a drawing. */
const ON_DEMAND = ["kg-graph", "kg-chart"];

function loadIslands(root, wanted = kept("draw", false)) {
  for (const [name, load] of Object.entries(ISLANDS)) {
    const first = root.querySelector(name);
    if (!first || customElements.get(name)) continue;
    if (wanted || !ON_DEMAND.includes(name)) load();
    else for (const element of root.querySelectorAll(name)) offerDrawing(element, load);
  }
}

function offerDrawing(element, load) {
  if (element.previousElementSibling?.matches(".draw")) return;
  const button = make("button", { type: "button", class: "plain draw" }, element.dataset.draw);
  button.addEventListener("click", () => {
    keep("draw", true);
    for (const other of document.querySelectorAll("button.draw")) other.remove();
    loadIslands(document, true);
    load();
  });
  element.before(button);
}

listenToSuggestions(document.getElementById("find"), document.getElementById("found"));
if (document.getElementById("find")?.dataset.index) {
  import("./lookup.js").then(({ lookUp }) => lookUp(document.getElementById("find"), document.getElementById("found")));
}
document.addEventListener("htmx:load", (event) => loadIslands(event.detail.elt.parentElement || document));
loadIslands(document);

// One slip at a time, and Escape closes it.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".proof") || !event.target.open) return;
  for (const other of document.querySelectorAll(".proof[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll(".proof[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

htmx.config.defaultSwapStyle = "innerHTML";
