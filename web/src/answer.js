// An answer of the engine as elements: what the server writes for its own, texts as texts.

import { make } from "./elements.js";

const NUMBERS = /#(?:integer|decimal|double|float|int|long|short|nonNegativeInteger)$/;
/** What would act on a text instead of appearing in it: control characters and direction marks, but no joiners. */
const ACTING = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NAMED = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Show control characters and direction marks by their numbers, as the server does. */
export function visible(text) {
  return text.replace(ACTING, (ch) => {
    const code = ch.codePointAt(0), hex = code.toString(16);
    return NAMED[ch] ?? (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`);
  });
}

/** Put values into one of the page's words. */
export function put(words, filled) {
  return words.replace(/%\((\w+)\)s/g, (whole, name) => (Object.hasOwn(filled, name) ? visible(String(filled[name])) : whole));
}

/** Say what is wrong. */
export function problemOf({ word, filled }, { words }) {
  const said = make("p", {}, make("b", {}, words.wrong), ": ", make("bdi", {}, put(words[word], filled)));
  if (filled.line) said.append(` (${put(words.place, filled)})`);
  const hint = words[`${word}Hint`];
  return [make("div", { class: "note", role: "alert" }, said, ...(hint ? [make("p", {}, put(hint, filled))] : []))];
}

/** Write an answer: yes or no, a table, or that there is none. */
export function answerOf(found, setup, most) {
  const { words } = setup;
  if (found.form === "ask") {
    const sign = make("span", { class: found.boolean ? "tick" : "cross", "aria-hidden": "true" }, found.boolean ? "✓" : "✗");
    return [make("p", { class: "yesno" }, sign, " ", found.boolean ? words.yes : words.no)];
  }
  if (!found.total) return [make("p", { class: "empty" }, words.empty)];
  const count = put(found.total === 1 ? words.row : words.rows, { num: found.total });
  const cut = found.total > most ? `; ${put(words.cut, { num: most })}` : "";
  const head = found.columns.map((name) => make("th", { scope: "col", title: name }, visible((Object.hasOwn(setup.columns, name) && setup.columns[name]) || name)));
  const rows = found.rows.map((row) => make("tr", {}, ...row.map((term) => cellOf(term, found.names, setup))));
  const table = make("table", { class: "results", id: "answers" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  return [make("p", { class: "note" }, `${count}${cut}`), make("div", { class: "wide", role: "group", "aria-label": words.answer, tabindex: "0" }, table)];
}

function cellOf(term, names, setup) {
  if (!term) return make("td");
  if (!term.iri) return make("td", NUMBERS.test(term.datatype ?? "") ? { class: "number" } : {}, textOf(term.text, term.language, setup));
  const { text, language, code, page } = names[term.iri] ?? { text: "", language: "", code: term.iri, page: null };
  const shown = textOf(text || code, language, setup), title = text && text !== code ? visible(code) : null;
  if (page !== null) return make("td", {}, make("a", { href: new URL(setup.root + page, location.href).href, title }, shown));
  // Only these may be links: a "javascript:" IRI in the data is text.
  if (/^https?:\/\//i.test(term.iri)) return make("td", {}, make("a", { href: term.iri, rel: "noopener external", title }, shown));
  return make("td", {}, shown);
}

/** Write a text apart from the direction of its neighbours, in the language it is in. */
function textOf(text, language, { languages }) {
  const known = languages.find((one) => one.toLowerCase() === (language ?? "").toLowerCase()) ?? language;
  return make("bdi", known && known !== document.documentElement.lang ? { lang: known } : {}, visible(text ?? ""));
}
