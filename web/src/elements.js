// What the islands share: making elements, and the words that the server wrote for them.

/** Make an element: texts become text, never markup. */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

/** Read an island's words, which are in the page's language. */
export function words(element) {
  return JSON.parse(element.dataset.words || "{}");
}
