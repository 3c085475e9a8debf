// The data of the page, and what is to be seen of it.

const data = JSON.parse(document.getElementById("data").textContent);
const MODALITIES = ["stated", "planned", "target", "demanded", "filed", "judged", "derived", "background"];

const nodes = data.nodes.map((node, index) => ({ ...node, index, edges: [] }));
const edges = data.edges.map((edge) => ({ ...edge, source: nodes[edge.source], target: nodes[edge.target] }));
for (const edge of edges) {
  edge.source.edges.push(edge);
  if (edge.target !== edge.source) edge.target.edges.push(edge);
}

/** What the reader has set. */
const state = {
  chosen: null,
  words: "",
  classes: new Set(data.classes.keys()),
  modalities: new Set(MODALITIES),
  view: "graph",
  only: false,
};

const foldings = new Map();
for (let at = 0, pairs = [...data.foldings]; at < pairs.length; at += 2) foldings.set(pairs[at], pairs[at + 1]);

/** Reduce a search to what two spellings share: script, width, case, quotes and spaces do not count. */
function fold(text) {
  return [...text.normalize("NFKC").toLowerCase()].map((mark) => foldings.get(mark) || mark).join("")
    .replace(/["'“”‘’„«»「」『』《》〈〉]/g, "").replace(/[‐‑‒–—―−~～〜]+/g, "-")
    .replace(/(?<=[\u2e80-\u9fff])\s+|\s+(?=[\u2e80-\u9fff])/g, "").replace(/\s+/g, " ").trim();
}

/** Say how well a node's names fit the words of a search: 0 is not at all. */
function fit(node, wanted) {
  if (!wanted) return 1;
  if (node.names.some((name) => name === wanted)) return 4;
  if (node.names.some((name) => name.startsWith(wanted))) return 3;
  if (node.names.some((name) => name.includes(wanted))) return 2;
  const words = wanted.split(" ");
  return words.length > 1 && words.every((word) => node.names.some((name) => name.includes(word))) ? 1 : 0;
}

/** Say whether the filters let an edge be seen. */
function isShown(edge) {
  return state.modalities.has(edge.modality) && state.classes.has(edge.source.class)
    && state.classes.has(edge.target.class);
}

/** List the edges that the filters let be seen. */
function shownEdges() {
  return edges.filter(isShown);
}

/** List the nodes that the filters let be seen: of the classes ticked, and with an edge that is said that way. */
function shownNodes() {
  const every = state.modalities.size === MODALITIES.length;
  return nodes.filter((node) => state.classes.has(node.class)
    && (every || node === state.chosen || node.edges.some(isShown)));
}

/** List the edges that the filters let be seen, and of them those that end in what a search finds. */
function foundEdges(found) {
  if (!fold(state.words)) return shownEdges();
  const ends = new Set(found);
  return shownEdges().filter((edge) => ends.has(edge.source) || ends.has(edge.target));
}

/** List the nodes that a search finds, the best first. */
function foundNodes() {
  const wanted = fold(state.words);
  const scored = shownNodes().map((node) => [fit(node, wanted), node]).filter(([score]) => score > 0);
  scored.sort(([one, a], [other, b]) => other - one || b.edges.length - a.edges.length || a.index - b.index);
  return scored.map(([, node]) => node);
}
