// What every page runs: htmx for parts of pages, the suggestions' keys, and the islands when they are on the page.

import htmx from "htmx.org/dist/htmx.esm.js";
import { listenToSuggestions } from "./suggestions.js";

// Parts of pages are pages: without this the server would answer as it does to programs.
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers.Accept = "text/html"; });

/** The islands, each loaded when its element is there. */
const ISLANDS = {
  "kg-graph": () => import("./graph.js"),
  "kg-chart": () => import("./chart.js"),
  "kg-editor": () => import("./editor.js"),
};

function loadIslands(root) {
  for (const [name, load] of Object.entries(ISLANDS)) {
    if (!customElements.get(name) && root.querySelector(name)) load();
  }
}

listenToSuggestions(document.getElementById("find"), document.getElementById("found"));
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
