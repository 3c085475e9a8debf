// What the editor offers: prefixes, classes, properties and things, by CURIE or by what they are called.

let known = null;

/** Fetch what can be offered, once. */
async function names(address) {
  known ||= fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  return (await known) || { prefixes: {}, classes: [], properties: [] };
}

const WORDS = ("SELECT DISTINCT WHERE OPTIONAL UNION FILTER BIND VALUES GRAPH MINUS SERVICE CONSTRUCT DESCRIBE ASK PREFIX LIMIT OFFSET HAVING EXISTS "
  + "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT BOUND LANG LANGMATCHES STR REGEX CONTAINS STRSTARTS STRENDS COALESCE IF").split(" ");

/** Make a source of completions. */
export function offer(address, find) {
  return async (context) => {
    const word = context.matchBefore(/[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_./-]*$/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = word.text, doc = context.state.doc.toString();
    if (/^[?$]/.test(text)) {
      const variables = [...new Set(doc.match(/[?$][\p{L}_][\p{L}\p{N}_]*/gu) || [])].filter((one) => one !== text);
      return { from: word.from, options: variables.map((label) => ({ label, type: "variable" })) };
    }
    const { prefixes, classes, properties } = await names(address);
    const after = /(?:\ba|rdf:type)\s*$/.test(doc.slice(0, word.from));
    const option = (type, boost) => ({ code, zh, en }) => ({
      label: code, displayLabel: code, detail: [zh, en].filter(Boolean).join(" · "), type, boost,
      apply: (view, _one, from, to) => insert(view, code, from, to, prefixes),
    });
    const named = [...classes.map(option("class", after ? 20 : 0)), ...properties.map(option("property", after ? -20 : 10))];
    const wanted = text.toLowerCase();
    const fits = named.filter(({ label, detail }) => label.toLowerCase().includes(wanted) || detail.toLowerCase().includes(wanted));
    const more = text.length > 1 && !text.includes(":") ? await things(find, text, prefixes) : [];
    const keywords = /^[A-Za-z_]*$/.test(text) ? WORDS.filter((one) => one.startsWith(text.toUpperCase())).map((label) => ({ label, type: "keyword", boost: 30 })) : [];
    const spaces = Object.keys(prefixes).filter((name) => name.startsWith(text)).map((name) => ({ label: `${name}:`, detail: prefixes[name], type: "namespace", boost: -5 }));
    const options = [...keywords, ...fits, ...more, ...spaces];
    return options.length ? { from: word.from, options, filter: false } : null;
  };
}

/** Look things up by what they are called. */
async function things(find, text, prefixes) {
  if (!find) return []; // a site has no server to ask
  const address = new URL(find, location.href);
  address.searchParams.set("q", text);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return [];
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...part.querySelectorAll("a[data-code]")].map((link) => ({
      label: link.dataset.code, detail: link.textContent.trim().replace(/\s+/g, " "), type: "constant", boost: -2,
      apply: (view, _one, from, to) => insert(view, term(link.dataset.code, prefixes), from, to, prefixes),
    }));
  } catch {
    return [];
  }
}

function term(code, prefixes) {
  return prefixes[code.split(":")[0]] ? code : `<${code}>`;
}

/** Insert a name, and the declaration of its prefix if that is missing. */
function insert(view, code, from, to, prefixes) {
  const name = code.split(":")[0], doc = view.state.doc.toString();
  const missing = !code.startsWith("<") && prefixes[name] && !declared(doc).has(name);
  const line = missing ? `PREFIX ${name}: <${prefixes[name]}>\n` : "";
  view.dispatch({
    changes: [...(line ? [{ from: 0, insert: line }] : []), { from, to, insert: code }],
    selection: { anchor: from + line.length + code.length },
    userEvent: "input.complete",
  });
}

function declared(text) {
  return new Set([...text.matchAll(/\bprefix\s+([\w.-]*):/gi)].map((match) => match[1]));
}

/** Write the PREFIX lines that a query uses and lacks. */
export async function undeclared(address, text) {
  const { prefixes } = await names(address), there = declared(text);
  const bare = text.replace(/<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#.*$/gm, " ");
  const used = new Set([...bare.matchAll(/(?<![\w-])([A-Za-z][\w.-]*):/g)].map((match) => match[1]));
  return [...used].filter((name) => prefixes[name] && !there.has(name)).map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("");
}
