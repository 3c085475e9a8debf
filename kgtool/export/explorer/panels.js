// The list of what was found, and all that is said of the chosen thing.

/** Make an element: texts become text, never markup. */
function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "click") element.addEventListener("click", value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...inside.filter((one) => one !== null && one !== ""));
  return element;
}

/** Isolate a text from the direction of what stands around it. */
function isolated(text, lang = null) {
  return make("bdi", { lang }, visible(text));
}

function label(thing) {
  return isolated(pick(thing.label));
}

/** Make a button that goes to a node. */
function goTo(node) {
  return make("button", { class: "go", type: "button", click: () => choose(node, true) }, label(node));
}

function badge(modality) {
  return make("span", { class: `badge ${modality}` }, say(modality));
}

const LISTED = 200;
let listed = LISTED;

/** Write the list of what the search and the filters find. */
function writeResults() {
  const found = foundNodes(), list = document.getElementById("results");
  const focused = list.contains(document.activeElement);
  const wanted = found.slice(0, listed);
  list.replaceChildren(...wanted.map((node) => make("li", {}, make("button", {
    type: "button", "data-node": node.index, tabindex: "-1", "aria-current": String(node === state.chosen),
    click: () => choose(node, true),
  }, label(node), make("small", {}, label(data.classes[node.class]))))));
  if (found.length > listed) {
    const more = Math.min(LISTED, found.length - listed);
    list.append(make("li", {}, make("button", { type: "button", tabindex: "-1", click: () => {
      listed += LISTED;
      writeResults();
      list.children[listed - LISTED].firstChild.focus();
    } }, say("more", more))));
  }
  const entry = list.querySelector("[aria-current=true]") || list.querySelector("button");
  if (entry) {
    entry.tabIndex = 0;
    if (focused) entry.focus();
  }
  document.getElementById("count").textContent = found.length
    ? say("found", found.length, foundEdges(found).length) : say("nothing");
}

/** Move through the list with the arrow keys; down from the search enters it. */
function listenToKeys() {
  const list = document.getElementById("results"), search = document.getElementById("search");
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const first = list.querySelector("button");
    if (event.key === "ArrowDown" && first) { event.preventDefault(); enter(first); }
    if (event.key === "Enter" && first && search.value) first.click();
  });
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("button")], at = all.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    if (next < 0) search.focus();
    else if (next < all.length) enter(all[next]);
  });
  const enter = (button) => {
    for (const other of list.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  };
}

/** Write what is said of the chosen thing. */
function writeDetails() {
  const panel = document.getElementById("details"), node = state.chosen;
  if (!node) {
    panel.replaceChildren(make("p", { class: "hint" }, say("choose")));
    return;
  }
  const names = Object.keys(LANGUAGES).filter((one) => node.label[one])
    .flatMap((one) => [make("dt", {}, LANGUAGES[one]), make("dd", {}, isolated(node.label[one], one))]);
  if (node.also.length) {
    names.push(make("dt", {}, say("also")), make("dd", {}, ...node.also.flatMap((name, at) =>
      [at ? " · " : "", isolated(name)])));
  }
  names.push(make("dt", {}, say("identifier")), make("dd", {}, address(node.iri, visible(node.id))));
  if (node.links.length) {
    names.push(make("dt", {}, say("links")), make("dd", {}, ...node.links.flatMap((link, at) =>
      [at ? make("br", {}) : "", label(link), " ", address(link.iri, visible(link.name))])));
  }
  if (node.period) names.push(make("dt", {}, say("period")), make("dd", {}, node.period));
  if (node.place.length) {
    const [where, of, by] = node.place;
    const whose = of ? [" ", isolated(`(${by} ${of})`)] : [];
    names.push(make("dt", {}, say("place")), make("dd", {}, isolated(where), ...whose));
  }
  for (const [name, text] of node.values) {
    names.push(make("dt", {}, isolated(name)), make("dd", {}, isolated(text)));
  }
  const out = node.edges.filter((edge) => edge.source === node && isShown(edge));
  const into = node.edges.filter((edge) => edge.target === node && edge.source !== node && isShown(edge));
  for (const some of [out, into]) {
    some.sort((a, b) => MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality));
  }
  panel.replaceChildren(
    make("h2", { id: "heading", tabindex: "-1" }, label(node)),
    make("p", { class: "more" }, label(data.classes[node.class]), node.modality ? badge(node.modality) : ""),
    node.about ? make("p", {}, isolated(node.about)) : "",
    proofOf(node, node.quotes),
    make("dl", { class: "names" }, ...names),
    ...group("out", out, (edge) => factOf(edge, edge.target)),
    ...group("into", into, (edge) => factOf(edge, edge.source)),
  );
}

/** Write an IRI; it is a link only where it is an address of the web. */
function address(iri, shown) {
  return /^https?:\/\/[^\s]+$/.test(iri)
    ? make("a", { href: iri, rel: "noreferrer noopener", target: "_blank" }, shown) : make("span", {}, shown);
}

/** Write facts under a heading, those of one predicate together. */
function group(word, all, write) {
  if (!all.length) return [];
  const byPredicate = Map.groupBy ? Map.groupBy(all, (one) => one.predicate) : all.reduce((map, one) =>
    map.set(one.predicate, [...(map.get(one.predicate) || []), one]), new Map());
  const parts = [make("h3", {}, `${say(word)} (${all.length})`)];
  for (const [predicate, some] of byPredicate) {
    parts.push(make("h4", {}, label(data.predicates[predicate])), make("ul", {}, ...some.map(write)));
  }
  return parts;
}

function factOf(edge, other) {
  const amount = pick(edge.amount), figure = [amount, edge.formula, edge.period].filter(Boolean);
  return make("li", { class: `fact ${edge.modality}`, "data-edge": edge.id }, goTo(other), badge(edge.modality),
    pick(edge.label) ? make("p", { class: "more" }, isolated(pick(edge.label))) : "",
    figure.length ? make("p", { class: "more" }, ...figure.flatMap((text, at) =>
      [at ? " · " : "", at || !amount ? isolated(text) : make("b", {}, isolated(text))])) : "",
    // What a statement is proved by proves what it says of its ends.
    proofOf(edge, edge.quotes.length ? edge.quotes : edge.source.quotes));
}

/** Write what proves a fact: the words, and the sentences by number with what they are about. */
function proofOf(fact, quotes) {
  if (fact.modality === "background" && !fact.proof.length) return make("p", { class: "more" }, say("unsaid"));
  if (!quotes.length && !fact.proof.length) return "";
  return make("ul", { class: "proof" },
    ...quotes.map((quote) => make("li", {}, make("q", { lang: "zh-Hant" }, isolated(quote)))),
    ...fact.proof.map((at) => make("li", {}, make("b", {}, numberOf(at)), " ",
      make("span", { class: "gist" }, isolated(pick(data.sentences[at].gist))))));
}

const several = new Set(data.sentences.map((sentence) => sentence.id.replace(/\d+$/, ""))).size > 1;
/** Name a sentence: by its number, and where several articles are read by its id as well. */
function numberOf(at) {
  const sentence = data.sentences[at];
  if (sentence.number === null) return visible(sentence.id);
  return say("sentence", sentence.number) + (several ? ` (${visible(sentence.id)})` : "");
}
