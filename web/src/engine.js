// The worker in which queries of a site's pages are answered, by Oxigraph: the page stays awake, and an answer that takes
// too long is ended with the worker. https://github.com/oxigraph/oxigraph/tree/main/js

import start, { Store } from "oxigraph";
import { bracketed } from "./arithmetic.js";
import { callsService, fill, formOf, missing, Refused, spellOut, unknownPrefix } from "./queries.js";

const SKOS = "http://www.w3.org/2004/02/skos/core#", RDFS = "http://www.w3.org/2000/01/rdf-schema#";
/** The properties things are shown by, the better one first. */
const SHOWN = [`${SKOS}prefLabel`, `${RDFS}label`];

let opened = null;

/** Fetch the engine, the dataset and what the site's pages are, once. */
async function open({ wasm, data, pages }) {
  const [engine, quads, known] = await Promise.all([fetched(wasm, "arrayBuffer"), fetched(data, "arrayBuffer"), fetched(pages, "json")]);
  await start({ module_or_path: engine });
  const store = new Store();
  store.load(new Uint8Array(quads), { format: "application/n-quads", lenient: true, no_transaction: true });
  return { store, known };
}

async function fetched(address, as) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new Refused("unreachable", { name: new URL(address).pathname.split("/").at(-1) });
  return answer[as]();
}

self.onmessage = async ({ data: { id, addresses, query, given, format, most, languages } }) => {
  try {
    opened ||= open(addresses).catch((error) => { opened = null; throw error; });
    const { store, known } = await opened;
    self.postMessage({ id, is: "opened" });
    const text = fill(query, given, known.prefixes);
    const form = check(text, known.prefixes);
    const found = format ? { text: run(store, text, known.prefixes, { results_format: format }) } : answer(store, text, form, known, most, languages);
    self.postMessage({ id, is: "answer", form, asked: text, ...found });
  } catch (error) {
    if (error instanceof Refused) self.postMessage({ id, is: "problem", word: error.word, filled: error.filled });
    // What ran out of memory or of stack is not to be asked again.
    else if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) self.postMessage({ id, is: "problem", word: "memory", filled: {}, isBroken: true });
    else self.postMessage({ id, is: "problem", word: "failed", filled: { value: String(error?.message ?? error).slice(0, 300) } });
  }
};

/** Refuse what is no query or asks elsewhere; return the query's form. */
function check(text, prefixes) {
  const form = formOf(text);
  if (!form) throw new Refused("form");
  if (callsService(text)) throw new Refused("service");
  const unknown = unknownPrefix(text, prefixes);
  if (unknown) throw new Refused("prefix", unknown);
  return form;
}

/** Ask the engine, with the declarations that the query lacks; an error is where the reader's own text has it. */
function run(store, text, prefixes, options) {
  const lines = missing(text, prefixes), written = bracketed(text);
  try {
    return store.query(lines.join("") + written, options);
  } catch (error) {
    // The place of a mistake is wanted in the text as it is.
    if (written !== text) error = errorOf(store, lines.join("") + text, options) ?? error;
    const place = /^error at (\d+):(\d+): /.exec(error.message);
    if (!place) throw error;
    const own = text.split("\n");
    let line = Math.min(Math.max(1, Number(place[1]) - lines.length), own.length), column = Number(place[2]);
    // The place is the farthest that the engine looked at: not an empty line behind the query.
    while (line > 1 && !own[line - 1].trim()) column = own[--line - 1].length;
    const near = own[line - 1].trim();
    throw new Refused("syntax", { value: near.length > 60 ? `${near.slice(0, 59)}…` : near, line, column: Math.max(1, column) });
  }
}

function errorOf(store, text, options) {
  try {
    store.query(text, options);
    return null;
  } catch (error) {
    return error;
  }
}

/** Answer with rows of terms, at most so many, and what the things in them are called. */
function answer(store, text, form, known, most, languages) {
  if (form === "ask") return { boolean: run(store, text, known.prefixes, {}) };
  if (form === "graph") {
    const triples = run(store, text, known.prefixes, {});
    const rows = triples.slice(0, most).map(({ subject, predicate, object }) => [subject, predicate, object].map(plain));
    return { columns: ["subject", "predicate", "object"], rows, total: triples.length, names: namesOf(store, rows, known, languages) };
  }
  const ask = (query) => JSON.parse(run(store, query, known.prefixes, { results_format: "json" }));
  let { head, results } = ask(text);
  const listed = text.includes("*") ? spellOut(text, head.vars) : text;
  if (listed !== text) ({ head, results } = ask(listed));
  const rows = results.bindings.slice(0, most).map((row) => head.vars.map((name) => (row[name] ? ofJson(row[name]) : null)));
  return { columns: head.vars, rows, total: results.bindings.length, names: namesOf(store, rows, known, languages) };
}

/** Terms as plain values: what of them is shown. */
const plain = ({ termType, value, language, datatype }) => ({ NamedNode: { iri: value }, BlankNode: { text: `_:${value}` } })[termType]
  ?? { text: value ?? "", language: language ?? "", datatype: language ? "" : datatype?.value ?? "" };
const ofJson = ({ type, value, "xml:lang": language = "", datatype = "" }) => ({ uri: { iri: value }, bnode: { text: `_:${value}` } })[type]
  ?? { text: typeof value === "string" ? value : JSON.stringify(value), language, datatype };

/** Look up what things are called, in the first of the languages in which they are called something. */
function namesOf(store, rows, known, languages) {
  const iris = [...new Set(rows.flat().filter((term) => term?.iri && !/[<>"{}|^`\\\x00-\x20]/.test(term.iri)).map((term) => term.iri))];
  const names = Object.fromEntries(iris.map((iri) => [iri, { text: "", language: "", code: shorten(iri, known.prefixes), page: null }]));
  const ranked = {}, wanted = languages.map((one) => one.toLowerCase());
  for (let start = 0; start < iris.length; start += 1000) {
    const things = `VALUES ?thing { ${iris.slice(start, start + 1000).map((iri) => `<${iri}>`).join(" ")} }`;
    const branches = SHOWN.map((one, place) => `{ ${things} ?thing <${one}> ?label BIND(${place} AS ?place) }`);
    for (const row of store.query(`SELECT ?thing ?label ?place { ${branches.join(" UNION ")} }`)) {
      const label = row.get("label"), iri = row.get("thing").value;
      if (label.termType !== "Literal") continue;
      const language = label.language.toLowerCase(), at = wanted.indexOf(language);
      const welcome = at >= 0 ? at : wanted.length + (language === "zh" ? 0 : language ? 2 : 1);
      const rank = [2 * welcome + Number(row.get("place").value), label.value];
      if (ranked[iri] && (ranked[iri][0] < rank[0] || (ranked[iri][0] === rank[0] && ranked[iri][1] <= rank[1]))) continue;
      ranked[iri] = rank;
      Object.assign(names[iri], { text: label.value, language: label.language });
    }
  }
  for (const iri of iris) names[iri].page = pageOf(iri, known, names[iri].text !== "");
  return names;
}

/** Return where a thing's page is below the folder of a language; null if it has none. */
function pageOf(iri, { things, terms }, isNamed) {
  if (Object.hasOwn(things, iri)) return `${address(things[iri])}.html`;
  const part = /^(.*\/article\/[^/]+)\/([\w-]+)$/.exec(iri);
  if (part && Object.hasOwn(things, part[1])) return `${address(things[part[1]])}.html#${part[2]}`;
  if (isNamed && iri.startsWith(terms) && iri.length > terms.length) return `vocabulary.html#${encodeURIComponent(iri.slice(terms.length))}`;
  return null;
}

const address = (stem) => stem.split("/").map(encodeURIComponent).join("/");

/** Shorten an IRI by the longest namespace that fits, where what is left is a plain name. */
function shorten(iri, prefixes) {
  const best = Object.entries(prefixes).filter(([, namespace]) => iri.startsWith(namespace)).sort((a, b) => b[1].length - a[1].length)[0];
  const local = best && iri.slice(best[1].length);
  return best && /^[\p{L}\p{N}_.-]*$/u.test(local) && !local.endsWith(".") ? `${best[0]}:${local}` : iri;
}
