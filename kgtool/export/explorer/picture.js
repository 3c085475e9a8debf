// The graph drawn on a canvas: what is near is lifted out, labels never lie on one another.

const canvas = document.getElementById("picture"), pen = canvas.getContext("2d");
const DASHES = {
  stated: [], planned: [9, 6], target: [3, 5], demanded: [5, 3], filed: [2, 4], judged: [14, 3], derived: [12, 4, 2, 4],
  background: [],
};
const look = { x: 0, y: 0, scale: 1 };
let drawn = { nodes: [], edges: [], beside: new Map() }, pointed = null;

/** Take up what is to be seen, place it and show all of it. */
function compose() {
  let seen = shownNodes(), said = shownEdges();
  if (state.only && state.chosen) {
    const near = new Set([state.chosen]);
    for (const edge of said) {
      if (edge.source === state.chosen) near.add(edge.target);
      if (edge.target === state.chosen) near.add(edge.source);
    }
    seen = [...near];
    said = said.filter((edge) => near.has(edge.source) && near.has(edge.target));
  }
  const order = [...seen].sort((a, b) => b.edges.length - a.edges.length || a.index - b.index);
  arrange(order, said);
  const beside = new Map(), pairs = new Map();
  for (const edge of said) {
    const key = Math.min(edge.source.index, edge.target.index) + " " + Math.max(edge.source.index, edge.target.index);
    beside.set(edge, pairs.get(key) || 0);
    pairs.set(key, (pairs.get(key) || 0) + 1);
  }
  drawn = { nodes: order, edges: said, beside };
  canvas.setAttribute("aria-label", say("picture", seen.length, said.length));
  fitAll();
}

/** Show all nodes at once. */
function fitAll() {
  return fitTo(drawn.nodes);
}

/** Show a node with what is next to it. */
function reach(node) {
  const there = new Set(drawn.nodes), near = node.edges.flatMap(({ source, target }) => [source, target]);
  fitTo([node, ...near.filter((other) => there.has(other))]);
}

function fitTo(some) {
  const { width, height } = canvas.getBoundingClientRect();
  if (!some.length || !width) return draw();
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (const { x, y } of some) {
    left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
  }
  look.scale = Math.min(1.6, (width - 90) / (right - left + 1), (height - 110) / (bottom - top + 1));
  look.scale = Math.max(look.scale, 0.02);
  look.x = width / 2 - (left + right) / 2 * look.scale;
  look.y = height / 2 - (top + bottom) / 2 * look.scale;
  return draw();
}


/** Magnify about a point of the canvas. */
function magnify(factor, x, y) {
  const scale = Math.min(6, Math.max(0.02, look.scale * factor)), change = scale / look.scale;
  look.x = x - (x - look.x) * change; look.y = y - (y - look.y) * change; look.scale = scale;
  draw();
}

let due = false;
/** Draw at the next frame. */
function draw() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; paint(); });
}

function paint() {
  const { width, height } = canvas.getBoundingClientRect(), dense = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(height * dense)) {
    canvas.width = Math.round(width * dense); canvas.height = Math.round(height * dense);
  }
  const style = getComputedStyle(document.documentElement), ink = (name) => style.getPropertyValue(name);
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  const lifted = pointed || state.chosen, near = new Set(lifted ? [lifted] : []);
  if (lifted) for (const { source, target } of lifted.edges) near.add(source).add(target);
  for (const pass of [false, true]) {
    for (const edge of drawn.edges) {
      const touches = lifted !== null && (edge.source === lifted || edge.target === lifted);
      if (touches === pass) stroke(edge, touches, lifted && !touches, ink);
    }
  }
  pen.setLineDash([]);
  for (const node of drawn.nodes) {
    pen.globalAlpha = lifted && !near.has(node) ? 0.18 : 1;
    pen.beginPath();
    pen.arc(node.x * look.scale + look.x, node.y * look.scale + look.y, drawnRadius(node), 0, 7);
    pen.fillStyle = data.classes[node.class].colour;
    pen.fill();
    pen.lineWidth = node === state.chosen ? 4 : 1;
    pen.strokeStyle = node === state.chosen ? ink("--ink") : ink("--edge");
    pen.stroke();
  }
  pen.globalAlpha = 1;
  write(width, height, lifted, near, ink);
}

function drawnRadius(node) {
  return Math.max(2.5, radius(node) * Math.min(1, Math.sqrt(look.scale)));
}

function stroke(edge, touches, faded, ink) {
  const { source, target } = edge, x = source.x * look.scale + look.x, y = source.y * look.scale + look.y;
  const toX = target.x * look.scale + look.x, toY = target.y * look.scale + look.y;
  const rank = drawn.beside.get(edge), bend = Math.ceil(rank / 2) * 12 * (rank % 2 ? 1 : -1);
  const far = Math.hypot(toX - x, toY - y) || 1, turned = source.index < target.index ? 1 : -1;
  const midX = (x + toX) / 2 - (toY - y) / far * bend * turned, midY = (y + toY) / 2 + (toX - x) / far * bend * turned;
  pen.globalAlpha = faded ? 0.1 : touches ? 1 : edge.modality === "background" ? 0.35 : 0.6;
  pen.strokeStyle = pen.fillStyle = ink("--" + edge.modality);
  pen.lineWidth = touches ? 2 : 1;
  pen.setLineDash(DASHES[edge.modality] || []);
  pen.beginPath();
  if (source === target) {
    pen.arc(x, y - drawnRadius(source) - 6, 8, 0, 7);
  } else {
    pen.moveTo(x, y);
    pen.quadraticCurveTo(midX, midY, toX, toY);
  }
  pen.stroke();
  if (source === target || !touches) return;
  const angle = Math.atan2(toY - midY, toX - midX), edgeOf = drawnRadius(target) + 2;
  const tipX = toX - Math.cos(angle) * edgeOf, tipY = toY - Math.sin(angle) * edgeOf;
  pen.beginPath();
  pen.moveTo(tipX, tipY);
  pen.lineTo(tipX - 9 * Math.cos(angle - 0.4), tipY - 9 * Math.sin(angle - 0.4));
  pen.lineTo(tipX - 9 * Math.cos(angle + 0.4), tipY - 9 * Math.sin(angle + 0.4));
  pen.fill();
}

/** Write the labels for which there is room: what is lifted out first, then what has most edges. */
function write(width, height, lifted, near, ink) {
  const taken = [], family = getComputedStyle(document.body).fontFamily;
  const first = drawn.nodes.filter((node) => near.has(node)), rest = lifted ? [] : drawn.nodes;
  if (lifted) first.sort((a, b) => (b === lifted) - (a === lifted));
  pen.textAlign = "center"; pen.textBaseline = "top"; pen.lineJoin = "round";
  for (const node of [...first, ...rest]) {
    const large = node === lifted, size = large ? 15 : 12;
    pen.font = `${large ? "600 " : ""}${size}px ${family}`;
    const text = shorten(visible(pick(node.label)), large ? 44 : 26), wide = pen.measureText(text).width;
    const under = drawnRadius(node) + 3, middle = node.x * look.scale + look.x, at = node.y * look.scale + look.y;
    for (const top of large ? [under] : [under, -under - size - 2]) {
      const left = Math.min(Math.max(middle, wide / 2 + 4), Math.max(wide / 2 + 4, width - wide / 2 - 4));
      const shift = large ? left : middle;
      const box = [shift - wide / 2 - 2, at + top - 1, shift + wide / 2 + 2, at + top + size + 3];
      if (!large && (box[0] < 0 || box[2] > width || box[3] > height || box[1] < 0)) continue;
      if (taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3])) continue;
      taken.push(box);
      pen.strokeStyle = ink("--page"); pen.lineWidth = 4;
      pen.strokeText(text, shift, at + top);
      pen.fillStyle = ink("--ink");
      pen.fillText(text, shift, at + top);
      break;
    }
  }
}

/** Cut a text that is too wide; a Chinese character is as wide as two others. */
function shorten(text, limit) {
  let width = 0, kept = "";
  for (const mark of text) {
    width += /[\u1100-\uffdc]/.test(mark) ? 2 : 1;
    if (width > limit) return kept + "…";
    kept += mark;
  }
  return kept;
}

/** Find the node under a point of the canvas, or none. */
function nodeAt(x, y) {
  let best = null, nearest = Infinity;
  for (const node of drawn.nodes) {
    const far = Math.hypot(node.x * look.scale + look.x - x, node.y * look.scale + look.y - y) - drawnRadius(node);
    if (far < 8 && far < nearest) { nearest = far; best = node; }
  }
  return best;
}

/** Let fingers and mice move, magnify and choose. */
function listenToPointers(choose) {
  const down = new Map();
  let moved = 0;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!down.size) moved = 0;
    down.set(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event), before = down.get(event.pointerId);
    if (!before) {
      const under = nodeAt(x, y);
      canvas.style.cursor = under ? "pointer" : "grab";
      if (under !== pointed) { pointed = under; draw(); }
      return;
    }
    const others = [...down].filter(([id]) => id !== event.pointerId);
    moved += Math.hypot(x - before[0], y - before[1]);
    if (others.length) {
      const [ox, oy] = others[0][1], change = Math.hypot(x - ox, y - oy) / (Math.hypot(before[0] - ox, before[1] - oy) || 1);
      magnify(change, (x + ox) / 2, (y + oy) / 2);
    } else {
      look.x += x - before[0]; look.y += y - before[1];
      draw();
    }
    down.set(event.pointerId, [x, y]);
  });
  canvas.addEventListener("pointerup", (event) => {
    const alone = down.size === 1;
    down.delete(event.pointerId);
    if (alone && moved < 6) choose(nodeAt(...place(event)));
  });
  canvas.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => { if (pointed) { pointed = null; draw(); } });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    magnify(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), ...place(event));
  }, { passive: false });
}
