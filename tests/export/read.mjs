// Open an export with a JavaScript reader and print what it saw: node read.mjs READER FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [reader, file] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const require = createRequire(import.meta.url);

/** Nodes and edges of a graphology graph. */
function listed(graph) {
  return {
    nodes: graph.mapNodes((id, attributes) => ({ id, ...attributes })),
    edges: graph.mapEdges((id, attributes, source, target) => ({ id, source, target, ...attributes })),
  };
}

const readers = {
  async gexf() {
    const { MultiDirectedGraph } = require("graphology");
    const gexf = require("graphology-gexf");
    return listed(gexf.parse(MultiDirectedGraph, text, { addMissingNodes: false }));
  },

  async graphml() {
    const { MultiDirectedGraph } = require("graphology");
    const { JSDOM } = require("jsdom");
    const { window } = new JSDOM();
    Object.assign(globalThis, { DOMParser: window.DOMParser, Document: window.Document });
    const graphml = require("graphology-graphml/browser");
    return listed(graphml.parse(MultiDirectedGraph, text));
  },

  async cyjs() {
    const cytoscape = require("cytoscape");
    const drawing = cytoscape({ headless: true, ...JSON.parse(text), styleEnabled: true });
    return {
      nodes: drawing.nodes().map((node) => node.data()),
      edges: drawing.edges().map((edge) => edge.data()),
      color: drawing.nodes().map((node) => node.style("background-color"))[0],
    };
  },

  async mermaid() {
    const { JSDOM } = require("jsdom");
    const { window } = new JSDOM();
    Object.assign(globalThis, { window, document: window.document });
    const { default: mermaid } = await import("mermaid");
    mermaid.initialize({ maxEdges: 1e9, maxTextSize: 1e9 });
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return {
      nodes: [...db.getVertices().values()].map(({ id, text }) => ({ id, label: text })),
      edges: db.getEdges().map(({ start, end, text }) => ({ source: start, target: end, label: text })),
    };
  },

  async cypher() {
    const { lintCypherQuery, parseStatementsStrs } = require("@neo4j-cypher/language-support");
    const found = lintCypherQuery(text, {});
    const complaints = (Array.isArray(found) ? found : found.diagnostics ?? []).map((one) => one.message);
    return { statements: parseStatementsStrs(text).length, complaints };
  },
};

// Cytoscape keeps a timer, so the program is ended once everything is written.
process.stdout.write(JSON.stringify(await readers[reader]()), () => process.exit(0));
