// The same nodes and edges as two tables, for whoever does not see the picture.

const PAGE = 300;

/** Write both tables anew. */
function writeTables() {
  const found = foundNodes();
  document.getElementById("table").replaceChildren(
    table("things", ["name", "class", "link"], found, (node) => [
      goTo(node), label(data.classes[node.class]), String(node.edges.filter(isShown).length)]),
    table("facts", ["from", "relation", "to", "modality", "proof"], foundEdges(found), (edge) => [
      goTo(edge.source),
      make("span", {}, label(data.predicates[edge.predicate]), ...[pick(edge.label), pick(edge.amount)].filter(Boolean)
        .flatMap((text) => [" · ", isolated(text)])),
      goTo(edge.target), badge(edge.modality),
      edge.proof.map(numberOf).join(", ")]),
  );
}

function table(word, columns, items, write) {
  const body = make("tbody"), box = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": say(word) });
  const more = make("button", { type: "button", click: () => extend(true) });
  let shown = 0;
  const extend = (asked) => {
    const next = items.slice(shown, shown + PAGE);
    const rows = next.map((item) => make("tr", {}, ...write(item).map((inside, at) =>
      at ? make("td", {}, inside) : make("th", { scope: "row" }, inside))));
    body.append(...rows);
    shown += next.length;
    more.hidden = shown >= items.length;
    more.textContent = say("more", Math.min(PAGE, items.length - shown));
    if (asked) rows[0].querySelector("button").focus();
  };
  extend(false);
  box.append(make("table", {}, make("caption", {}, `${say(word)} (${items.length})`),
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, say(name))))), body), more);
  return box;
}
