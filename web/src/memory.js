// What a browser keeps between visits; where it keeps nothing, pages work all the same.

export function kept(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`kg-${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`kg-${name}`, JSON.stringify(value));
  } catch {
    // full, or forbidden
  }
}
