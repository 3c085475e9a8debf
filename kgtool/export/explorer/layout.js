// Where nodes stand: forces as in ForceAtlas2, with the far ones summed up by a quadtree (Barnes and Hut).
// There is no chance in it, so the same graph always looks the same.

const STEP = 60;

/** Place nodes: sets x and y of each. */
function arrange(placed, joined) {
  placed.forEach((node, rank) => {
    const angle = rank * Math.PI * (3 - Math.sqrt(5)), far = STEP * Math.sqrt(rank + 0.5);
    Object.assign(node, { x: far * Math.cos(angle), y: far * Math.sin(angle), dx: 0, dy: 0, mass: 1 });
  });
  const there = new Set(placed), pairs = new Map();
  for (const { source, target } of joined) {
    if (source === target || !there.has(source) || !there.has(target)) continue;
    const key = Math.min(source.index, target.index) * nodes.length + Math.max(source.index, target.index);
    pairs.set(key, [source, target, (pairs.get(key) || [0, 0, 0])[2] + 1]);
  }
  for (const [source, target] of pairs.values()) { source.mass += 1; target.mass += 1; }
  const turns = Math.max(40, Math.min(320, Math.round(2e6 / (placed.length * 12 + pairs.size + 1))));
  for (let turn = 0; turn < turns; turn += 1) {
    const tree = planted(placed);
    for (const node of placed) {
      repel(node, tree);
      const far = Math.hypot(node.x, node.y) || 1;
      // Screens are wider than high, and so is the graph.
      node.dx -= node.x / far * (node.mass + 3) * 3;
      node.dy -= node.y / far * (node.mass + 3) * 5;
    }
    for (const [source, target, times] of pairs.values()) {
      const pull = 0.05 * (1 + Math.log(times));
      const x = (target.x - source.x) * pull, y = (target.y - source.y) * pull;
      source.dx += x; source.dy += y; target.dx -= x; target.dy -= y;
    }
    const heat = STEP * 2 * (1 - turn / turns) + 0.5;
    for (const node of placed) {
      const speed = Math.hypot(node.dx, node.dy) || 1, step = Math.min(speed / node.mass, heat) / speed;
      node.x += node.dx * step; node.y += node.dy * step; node.dx = 0; node.dy = 0;
    }
  }
  part(placed);
}

function planted(placed) {
  let size = 1;
  for (const node of placed) size = Math.max(size, Math.abs(node.x) * 2, Math.abs(node.y) * 2);
  const tree = cell(0, 0, size * 1.01);
  for (const node of placed) put(tree, node, 0);
  return tree;
}

function cell(x, y, size) {
  return { x, y, size, mass: 0, mx: 0, my: 0, node: null, parts: null };
}

function put(at, node, depth) {
  if (at.mass && !at.parts && depth < 24) {
    at.parts = [null, null, null, null];
    const first = at.node;
    at.node = null;
    putBelow(at, first, depth);
  }
  at.mx = (at.mx * at.mass + node.x * node.mass) / (at.mass + node.mass);
  at.my = (at.my * at.mass + node.y * node.mass) / (at.mass + node.mass);
  at.mass += node.mass;
  if (at.parts) putBelow(at, node, depth); else at.node = node;
}

function putBelow(at, node, depth) {
  const right = node.x >= at.x, low = node.y >= at.y, which = (right ? 1 : 0) + (low ? 2 : 0), half = at.size / 2;
  at.parts[which] ||= cell(at.x + (right ? half : -half) / 2, at.y + (low ? half : -half) / 2, half);
  put(at.parts[which], node, depth + 1);
}

function repel(node, at) {
  const x = node.x - at.mx, y = node.y - at.my, far = Math.hypot(x, y);
  if (at.parts && at.size > far * 0.9) {
    for (const below of at.parts) if (below) repel(node, below);
  } else if (far > 1e-9) {
    const push = STEP * 30 * node.mass * at.mass / Math.max(far * far, 25);
    node.dx += x * push / 10; node.dy += y * push / 10;
  }
}

/** Push apart nodes that overlap: each looks at those in the squares around its own. */
function part(placed) {
  for (let turn = 0; turn < 30; turn += 1) {
    const squares = new Map();
    for (const node of placed) {
      const key = `${Math.floor(node.x / STEP)} ${Math.floor(node.y / STEP)}`;
      if (!squares.has(key)) squares.set(key, []);
      squares.get(key).push(node);
    }
    let moved = false;
    for (const node of placed) {
      const column = Math.floor(node.x / STEP), row = Math.floor(node.y / STEP);
      for (let at = 0; at < 9; at += 1) {
        for (const other of squares.get(`${column + at % 3 - 1} ${row + Math.floor(at / 3) - 1}`) || []) {
          if (other.index <= node.index) continue;
          let x = other.x - node.x, y = other.y - node.y;
          const apart = Math.hypot(x, y), wanted = radius(node) + radius(other) + 10;
          if (apart >= wanted) continue;
          if (apart < 0.01) { x = 1; y = (node.index % 7) / 7; }
          const push = (wanted - apart) / 2 / (Math.hypot(x, y) || 1);
          node.x -= x * push; node.y -= y * push; other.x += x * push; other.y += y * push;
          moved = true;
        }
      }
    }
    if (!moved) return;
  }
}

/** Say how large a node is drawn. */
function radius(node) {
  return 5 + 1.6 * Math.sqrt(node.edges.length);
}
