// Search without a server: the names of all things in one file, fetched when a reader first types.

import { make } from "./elements.js";

const FEW = 8;

/** Write a name as the index has them: one width, one case, no spaces or signs. */
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, "");

/** Let a box look through the names of all things, and the page of all things show what its address asks for. */
export function lookUp(box, list) {
  const address = new URL(box.dataset.index, location.href);
  let known = null;
  const names = () => (known ||= fetch(address).then((answer) => (answer.ok ? answer.json() : [])).catch(() => []));

  async function suggest() {
    const asked = box.value;
    const found = asked.trim() ? best(await names(), fold(asked)).slice(0, FEW) : [];
    if (box.value !== asked) return;
    list.replaceChildren(...found.map(([label, href, kind], place) => {
      const link = make("a", { role: "option", id: `found${place + 1}`, "aria-selected": "false", tabindex: "-1", href: new URL(href, address).href });
      link.append(make("bdi", {}, label), ...(kind ? [" ", make("small", {}, kind)] : []));
      return link;
    }));
    list.dispatchEvent(new CustomEvent("kg-found"));
  }
  box.addEventListener("input", suggest);

  const all = document.getElementById("everything"), asked = new URLSearchParams(location.search).get("q")?.trim();
  if (!all || !asked) return;
  box.value = asked;
  names().then((rows) => {
    const found = best(rows, fold(asked));
    all.replaceChildren(...found.map(([label, href, kind]) => make("li", {},
      make("a", { href: new URL(href, address).href }, make("bdi", {}, label)), ...(kind ? [make("small", {}, kind)] : []))));
    document.getElementById("nothing").hidden = found.length > 0;
  });
}

/** Return the rows that have the words in a name: whole names first, then beginnings, then the rest, short before long. */
function best(rows, words) {
  if (!words) return [];
  const scored = [];
  for (const row of rows) {
    let score = Infinity;
    for (const name of row[3]) {
      const at = name.indexOf(words);
      if (at >= 0) score = Math.min(score, name === words ? 0 : (at ? 2e3 : 1e3) + Math.min(name.length, 999));
    }
    if (score < Infinity) scored.push([score, row]);
  }
  return scored.sort((a, b) => a[0] - b[0]).map(([, row]) => row);
}
