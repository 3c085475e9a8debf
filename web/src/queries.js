// What a query's text says of itself before an engine reads it, as kgtool/sparql.py has it, and how values get into it.
// https://www.w3.org/TR/sparql11-query/#sparqlGrammar

const TOKEN = /#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|[?$][\p{L}\p{N}_]+|[\p{L}\p{N}_.-]*:(?:[\p{L}\p{N}_.%:-]|\\.)*|@?[\p{L}_][\p{L}\p{N}_]*|\{\||\|\}|[{}()]/gsu;
const FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];

/** A query or a value that cannot be used: which of the page's words says so, and what is put into them. */
export class Refused extends Error {
  constructor(word, filled = {}) {
    super(word);
    this.word = word;
    this.filled = filled;
  }
}

/** Walk over names, variables, words and brackets: not over comments, IRIs and strings. */
const tokens = (text) => [...text.matchAll(TOKEN)].filter(([token]) => !"#<\"'@".includes(token[0]));

/** Say which form a query has: select, ask or graph; null if it is not a query. */
export function formOf(text) {
  const found = tokens(text).map(([token]) => token.toUpperCase()).find((token) => FORMS.includes(token));
  return found ? { SELECT: "select", ASK: "ask" }[found] ?? "graph" : null;
}

/** Say whether a query may send a part of itself elsewhere; parsers differ in where they let the word end. */
export function callsService(text) {
  return tokens(text).some(([token]) => !"?$".includes(token[0]) && token.split(":")[0].toUpperCase().includes("SERVICE"));
}

/** Write what SELECT * selects in place of the star, in the order in which the text mentions it. */
export function spellOut(text, names) {
  const all = tokens(text), head = all.find(([token]) => FORMS.includes(token.toUpperCase()));
  const star = head && /^SELECT\s*(?:(?:DISTINCT|REDUCED)\s*)?\*/i.exec(text.slice(head.index));
  const mentioned = [...new Set(all.map(([token]) => token).filter((token) => "?$".includes(token[0]) && names.includes(token.slice(1))).map((token) => token.slice(1)))];
  if (!star || mentioned.length !== names.length || mentioned.length < 2) return text;
  const end = head.index + star[0].length;
  return text.slice(0, end - 1) + mentioned.map((name) => `?${name}`).join(" ") + text.slice(end);
}

/** Return the first prefix that a query uses and nobody declares, with its place; null if there is none. */
export function unknownPrefix(text, prefixes) {
  const there = declared(text);
  for (const { 0: token, index } of tokens(text)) {
    const name = token.split(":")[0];
    if (!token.includes(":") || token.startsWith("_:") || there.has(name) || Object.hasOwn(prefixes, name)) continue;
    const before = text.slice(0, index).split("\n");
    return { name, line: before.length, column: before.at(-1).length + 1 };
  }
  return null;
}

/** Write the declarations that a query uses and lacks, one a line. */
export function missing(text, prefixes) {
  const there = declared(text);
  const used = new Set(tokens(text).filter(([token]) => token.includes(":") && !token.startsWith("_:")).map(([token]) => token.split(":")[0]));
  return [...used].filter((name) => !there.has(name) && Object.hasOwn(prefixes, name)).map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`);
}

function declared(text) {
  const all = tokens(text).map(([token]) => token);
  return new Set(all.flatMap((token, place) => (token.toUpperCase() === "PREFIX" && all[place + 1]?.endsWith(":") ? [all[place + 1].slice(0, -1)] : [])));
}

/**
 * Give a saved query its values. Its text comes in pieces: every second one is the name of a parameter, where a block
 * with its value belongs, or nothing. A value is an RDF term that was checked or written here: what a reader typed is
 * never pasted, and what is put in is not looked at again.
 */
export function fill({ pieces, fields }, given, prefixes) {
  const blocks = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name] || field.default;
    if (!value && field.required) throw new Refused("needed", { name: field.label });
    blocks[name] = value ? `VALUES (?${field.variable}) { (${termOf(field, value, prefixes)}) }` : "";
  }
  return pieces.map((piece, place) => (place % 2 ? blocks[piece] : piece)).join("");
}

/** The one form of each kind of literal. */
const LEXICAL = {
  integer: /^[+-]?[0-9]+$/,
  decimal: /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/,
  number: /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/,
  date: /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/,
  dateTime: /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?$/,
  boolean: /^(?:true|false)$/,
};
const XSD = "http://www.w3.org/2001/XMLSchema#";

/** Write what was given for a parameter as a term of N-Triples; of a closed list only what is in it. */
export function termOf(field, given, prefixes) {
  const value = given.slice(0, 2000), refuse = () => { throw new Refused(field.terms ? "choice" : field.kind, { name: field.label, value: given.slice(0, 60) }); };
  if (field.terms) return Object.hasOwn(field.terms, value) ? field.terms[value] : refuse();
  if (field.kind === "iri" || field.kind === "entity") {
    const bare = /^<(.*)>$/.exec(value.trim())?.[1] ?? value.trim(), [prefix, ...local] = bare.split(":");
    const iri = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local.join(":") : bare;
    const isIri = /^[A-Za-z0-9+.-]+:./.test(iri) && !/[<>"{}|^`\\\x00-\x20\ud800-\udfff]/u.test(iri);
    return isIri && (iri !== bare || iri.includes("//") || /^(?:urn|mailto|tag):/.test(iri)) ? `<${iri}>` : refuse();
  }
  if (field.kind === "string") return `${quoted(value)}${field.language ? `@${field.language}` : field.datatype ? `^^<${field.datatype}>` : ""}`;
  const written = value.trim();
  if (!LEXICAL[field.kind]?.test(written) || (field.kind.startsWith("date") && !isDay(written))) refuse();
  const kind = field.kind !== "number" ? field.kind : /e/i.test(written) ? "double" : written.includes(".") ? "decimal" : "integer";
  return `${quoted(written)}^^<${field.datatype || XSD + kind}>`;
}

function isDay(text) {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number), date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1;
}

function quoted(text) {
  const number = (ch) => `\\u${ch.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${(text.toWellFormed?.() ?? text).replace(/["\\\x00-\x1f\x7f]/g, number)}"`;
}
