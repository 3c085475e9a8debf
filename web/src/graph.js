// <kg-graph>: a part of the graph, drawn by Cytoscape. The table beside it says the same to those who do not see it.
// https://js.cytoscape.org/ · https://github.com/iVis-at-Bilkent/cytoscape.js-fcose

import cytoscape from "cytoscape/dist/cytoscape.esm.min.mjs";
import fcose from "cytoscape-fcose";
import { make, words } from "./elements.js";

cytoscape.use(fcose);

/** The most nodes and edges together. */
const LARGEST = 1500;

/** The server names shapes as Graphviz does. */
const SHAPES = { box: "round-rectangle", ellipse: "ellipse", hexagon: "hexagon", diamond: "diamond", note: "cut-rectangle" };

/** Which line stands for which modality, beside its caption. */
const LINES = { planned: "dashed", target: "dashed", demanded: "dashed", filed: "dashed", derived: "dotted" };

// Cytoscape would add a style element, which the policy of these pages forbids; it does not where one is there already.
const STYLE_ID = "__________cytoscape_stylesheet";
if (!document.getElementById(STYLE_ID)) document.head.append(make("meta", { id: STYLE_ID }));

class KgGraph extends HTMLElement {
  connectedCallback() {
    if (this.cy) return;
    this.words = words(this);
    this.stage = make("div", { class: "stage", role: "img", "aria-label": this.words.label });
    this.status = make("span", { class: "chosen", role: "status" }, this.words.none);
    this.tools = make("div", { class: "tools", role: "group", "aria-label": this.words.label },
      this.button("+", () => this.zoom(1.3), this.words.in), this.button("−", () => this.zoom(1 / 1.3), this.words.out),
      this.button(this.words.fit, () => this.cy.fit(undefined, 30)), this.status);
    const { nodes, edges } = elementsOf(this);
    this.append(this.tools, this.stage);
    this.cy = cytoscape({
      container: this.stage, elements: [...nodes, ...edges], style: styleOf(this), minZoom: 0.05, maxZoom: 4,
      autoungrabify: false, boxSelectionEnabled: false,
    });
    this.cy.userZoomingEnabled(false);
    this.stage.addEventListener("pointerdown", () => this.cy.userZoomingEnabled(true), { once: true });
    const focus = new Set((this.dataset.focus || "").split(" ").filter(Boolean));
    this.cy.nodes().forEach((node) => { if (focus.has(node.id())) node.addClass("focus"); });
    this.cy.on("tap", "node", (event) => this.choose(event.target));
    this.cy.on("dbltap", "node", (event) => this.expand(event.target));
    this.place();
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.recolour = () => this.cy.style(styleOf(this));
    this.scheme.addEventListener("change", this.recolour);
  }

  disconnectedCallback() {
    this.scheme?.removeEventListener("change", this.recolour);
    this.cy?.destroy();
    this.cy = null;
    this.tools?.remove();
    this.stage?.remove();
  }

  button(text, act, label = null) {
    const button = make("button", { type: "button", class: "plain", "aria-label": label }, text);
    button.addEventListener("click", act);
    return button;
  }

  zoom(factor) {
    const level = this.cy.zoom() * factor;
    this.cy.zoom({ level, renderedPosition: { x: this.stage.clientWidth / 2, y: this.stage.clientHeight / 2 } });
  }

  /** Arrange the nodes; without chance, so that the same graph always looks the same. */
  place(fixed = []) {
    const still = new Map(fixed.map((node) => [node.id(), { ...node.position() }]));
    [...this.cy.nodes()].sort((a, b) => (a.id() < b.id() ? -1 : 1)).forEach((node, rank) => {
      if (still.has(node.id())) return;
      const near = node.neighborhood("node").filter((other) => still.has(other.id()));
      const middle = near.length ? near[0].position() : { x: 0, y: 0 };
      const angle = rank * Math.PI * (3 - Math.sqrt(5)), far = (near.length ? 25 : 60) * Math.sqrt(rank + 1);
      node.position({ x: middle.x + far * Math.cos(angle), y: middle.y + far * Math.sin(angle) });
    });
    const chance = Math.random;
    let state = 20231031;
    Math.random = () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648; };
    try {
      this.cy.layout({
        name: "fcose", quality: "default", randomize: false, animate: false, fit: true, padding: 30,
        nodeDimensionsIncludeLabels: true, idealEdgeLength: 90, nodeRepulsion: 9000, packComponents: true,
        fixedNodeConstraint: [...still].map(([nodeId, position]) => ({ nodeId, position })) || undefined,
      }).run();
    } finally {
      Math.random = chance;
    }
  }

  choose(node) {
    this.cy.elements().removeClass("chosen");
    node.addClass("chosen");
    node.connectedEdges().addClass("chosen");
    const { label, kind, href } = node.data();
    const open = make("a", { href }, this.words.open);
    this.status.replaceChildren(make("bdi", {}, label), kind ? ` (${kind}) ` : " ", open, " ",
      ...(this.dataset.more ? [this.button(this.words.expand, () => this.expand(node))] : []));
  }

  /** Add what stands around a node. */
  async expand(node) {
    if (!this.dataset.more) return; // a page that is a file has nobody to ask
    const address = new URL(this.dataset.more, location.href);
    address.searchParams.set("of", node.data("iri"));
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { nodes, edges } = elementsOf(part.querySelector("kg-graph") || part.body);
    const known = (one) => this.cy.getElementById(one.data.id).nonempty();
    const added = [...nodes.filter((one) => !known(one)), ...edges.filter((one) => !known(one))];
    if (this.cy.elements().length + added.length > LARGEST) {
      this.status.textContent = this.words.full;
      return;
    }
    const fixed = [...this.cy.nodes()];
    this.cy.add(added);
    this.place(fixed);
    this.choose(node);
    this.list(part.querySelectorAll("table.edges tbody tr"));
  }

  /** Add to the table beside the drawing what was added to the drawing. */
  list(rows) {
    const table = this.parentElement?.querySelector("table.edges tbody");
    if (!table) return;
    const key = (row) => [row.dataset.source, row.dataset.target, row.cells[1]?.textContent].join("\n");
    const known = new Set([...table.rows].map(key));
    for (const row of rows) if (!known.has(key(row))) table.append(document.adoptNode(row));
  }
}

function elementsOf(root) {
  const nodes = [...root.querySelectorAll("[data-node]")].map(({ dataset }) => ({
    group: "nodes",
    data: {
      id: dataset.node, iri: dataset.iri, href: dataset.href, label: dataset.label, kind: dataset.class,
      colour: dataset.colour, shape: SHAPES[dataset.shape] || "ellipse",
    },
  }));
  const known = new Set(nodes.map((node) => node.data.id));
  const edges = [...root.querySelectorAll("[data-edge]")].map(({ dataset }) => ({
    group: "edges",
    data: {
      id: `edge ${dataset.edge}`, source: dataset.source, target: dataset.target, label: dataset.label,
      line: LINES[dataset.modality] || "solid",
    },
  })).filter((edge) => known.has(edge.data.source) && known.has(edge.data.target));
  return { nodes, edges };
}

/** Say how things look, in the page's own colours. */
function styleOf(element) {
  const own = getComputedStyle(element), colour = (name) => own.getPropertyValue(name).trim();
  const text = { "font-family": own.fontFamily, color: colour("--ink"), "text-outline-width": 2, "text-outline-color": colour("--panel") };
  return [
    { selector: "node", style: {
      ...text, "background-color": "data(colour)", shape: "data(shape)", label: "data(label)", "font-size": 11, width: 22, height: 22,
      "text-wrap": "ellipsis", "text-max-width": 120, "text-valign": "bottom", "text-margin-y": 3, "border-width": 1,
      "border-color": colour("--muted"), "min-zoomed-font-size": 7,
    } },
    { selector: "node.focus", style: { width: 36, height: 36, "font-size": 14, "font-weight": 700, "border-width": 3, "border-color": colour("--accent") } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": colour("--focus") } },
    { selector: "edge", style: {
      ...text, width: 1.2, "line-color": colour("--muted"), "line-style": "data(line)", "curve-style": "bezier", "target-arrow-shape": "triangle",
      "target-arrow-color": colour("--muted"), "arrow-scale": 0.8, opacity: 0.65, label: "", "font-size": 9, "text-rotation": "autorotate",
    } },
    { selector: "edge.chosen", style: { label: "data(label)", opacity: 1, "line-color": colour("--accent"), "target-arrow-color": colour("--accent"),
      width: 2, "text-max-width": 160, "text-wrap": "ellipsis" } },
  ];
}

customElements.define("kg-graph", KgGraph);
