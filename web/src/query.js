// <kg-query>: a form of a site's page whose query is answered in the browser. The engine and the dataset are fetched when a
// reader first asks; the answer takes the place of the one that stands in the page.

import { answerOf, problemOf } from "./answer.js";
import { make } from "./elements.js";

/** How many rows a page shows, and how long an answer may take, in seconds. */
const MOST = 1000, LIMIT = 30;
/** What an answer can be had as: the engine's name of the format, by the end of a file's name. */
const FILES = { select: ["csv", "json", "xml", "tsv"], ask: ["json", "xml", "csv"], graph: ["ttl", "nt"] };

/** A worker with the engine in it; one that is stopped is started anew with the next question. */
class Engine {
  constructor(setup) {
    const whole = (address) => new URL(address, location.href).href;
    this.script = whole(setup.engine);
    this.addresses = { wasm: whole(setup.wasm), data: whole(setup.data), pages: whole(setup.pages) };
  }

  ask(request, opened) {
    this.end("stopped");
    this.worker ||= new Worker(this.script);
    const { worker } = this, id = (this.last = (this.last ?? 0) + 1);
    return new Promise((resolve) => {
      this.settle = (message) => {
        clearTimeout(this.clock);
        this.settle = null;
        resolve(message);
      };
      worker.onerror = () => this.end("unreachable", { name: this.script.split("/").at(-1) });
      worker.onmessage = ({ data }) => {
        if (data.id !== id) return;
        if (data.isBroken) this.end(data.word);
        else if (data.is !== "opened") this.settle?.(data);
        else {
          opened();
          this.clock = setTimeout(() => this.end("timeout", { seconds: LIMIT }), LIMIT * 1000);
        }
      };
      worker.postMessage({ id, addresses: this.addresses, most: MOST, ...request });
    });
  }

  /** End what is being asked, and the worker with it. */
  end(word, filled = {}) {
    if (!this.settle) return;
    this.worker.terminate();
    this.worker = null;
    this.settle({ is: "problem", word, filled });
  }
}

class KgQuery extends HTMLElement {
  connectedCallback() {
    if (this.setup) return;
    this.setup = JSON.parse(this.dataset.setup);
    this.engine = new Engine(this.setup);
    this.form = this.querySelector("form");
    this.section = document.getElementById("answer");
    // The answer that stands in the page, with its sentences: the one for the values that hold where none are given.
    this.own = this.setup.query && this.section.querySelector(".downloads") ? [...this.section.childNodes] : null;
    for (const other of document.querySelectorAll(".without")) other.hidden = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.read();
  }

  /** Take the values of the address into the form; nothing is fetched for them before a reader asks. */
  read() {
    const params = new URLSearchParams(location.search), boxes = [...this.form.elements].filter((box) => box.name && params.has(box.name));
    for (const box of boxes) box.value = params.get(box.name);
    const wrong = boxes.find((box) => box.selectedIndex === -1);
    if (wrong) {
      wrong.selectedIndex = 0;
      const name = this.setup.query.fields[wrong.name].label;
      this.show(problemOf({ word: "choice", filled: { name, value: params.get(wrong.name).slice(0, 60) } }, this.setup));
    } else if (boxes.length && !(this.own && this.isOwn(this.request()))) this.show([make("p", { class: "empty" }, this.setup.words.press)]);
  }

  request() {
    const given = Object.fromEntries([...new FormData(this.form)].filter(([, value]) => value !== ""));
    const { query, languages } = this.setup;
    return { languages, ...(query ? { query, given } : { query: { pieces: [given.query ?? ""], fields: {} }, given: {} }), address: new URLSearchParams(given) };
  }

  isOwn({ query, given }) {
    return Object.entries(query.fields).every(([name, field]) => (given[name] || field.default) === field.default);
  }

  async run() {
    const { address, ...request } = this.request(), words = this.setup.words;
    history.replaceState(history.state, "", [...address].length ? `?${address}` : location.pathname);
    if (this.own && this.isOwn(request)) {
      this.engine.end("stopped");
      this.section.replaceChildren(...this.own);
      return;
    }
    const state = make("p", { class: "note" }, words.loading);
    const stop = make("button", { type: "button", class: "plain" }, words.stop);
    stop.addEventListener("click", () => this.engine.end("stopped"));
    this.show([state, make("p", {}, stop)]);
    this.section.setAttribute("aria-busy", "true");
    const found = await this.engine.ask(request, () => { state.textContent = words.asking; });
    if (found.word === "stopped" && !stop.isConnected) return; // another question took its place
    this.section.removeAttribute("aria-busy");
    if (found.is === "problem") this.show(problemOf(found, this.setup), found);
    else this.show([...answerOf(found, this.setup, MOST), this.downloads(found, request)]);
  }

  downloads(found, request) {
    const list = make("p", { class: "downloads" });
    for (const format of FILES[found.form]) {
      const button = make("button", { type: "button", class: "plain" }, format.toUpperCase());
      button.addEventListener("click", async () => {
        const { text, ...other } = await this.engine.ask({ ...request, format }, () => {});
        if (other.is === "problem") return this.show(problemOf(other, this.setup));
        const link = make("a", { download: `${this.setup.name}.${format}`, href: URL.createObjectURL(new Blob([text])) });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      });
      list.append(button, " ");
    }
    const { editor, words } = this.setup;
    if (editor) list.append(make("a", { href: `${editor}?${new URLSearchParams({ query: found.asked })}` }, words.open), " ");
    list.append(make("a", { href: location.href }, words.link));
    return list;
  }

  /** Put an answer, or what is wrong, below the form's heading; the editor marks the place of a mistake. */
  show(content, { filled = {} } = {}) {
    const heading = this.section.querySelector("h2");
    this.section.replaceChildren(...(heading ? [heading] : []), ...content);
    const { line = null, column = null } = filled, note = { line, column, message: content[0]?.textContent ?? "" };
    for (const [name, value] of Object.entries(note)) {
      if (line === null) delete this.section.dataset[name];
      else this.section.dataset[name] = value;
    }
    document.dispatchEvent(new CustomEvent("kg-answered"));
  }
}

// Where queries cannot run, the page says how else to ask.
if (window.Worker && window.WebAssembly) customElements.define("kg-query", KgQuery);
