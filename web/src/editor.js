// <kg-editor>: CodeMirror around the form's textarea, with names offered as one types, tabs and history kept in the browser.
// https://codemirror.net/docs/ref/

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { offer, undeclared } from "./completion.js";
import { make, words } from "./elements.js";
import { kept, keep } from "./memory.js";

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--derived)" },
  { tag: [tags.string, tags.annotation], color: "var(--planned)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--planned)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--ink)", fontWeight: "500" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

const THEME = EditorView.theme({
  "&": { border: "1px solid #8a938e", borderRadius: "0 6px 6px 6px", background: "var(--panel)", color: "var(--ink)", fontSize: "15px" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--code)", lineHeight: "1.55", minHeight: "15rem", maxHeight: "34rem", overflow: "auto" },
  ".cm-gutters": { background: "var(--panel)", color: "var(--muted)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--focus) 30%, transparent) !important" },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { color: "inherit", opacity: ".8", fontStyle: "normal" },
  ".cm-panels": { background: "var(--paper)", color: "var(--ink)" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--bad)" },
});

class KgEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) return;
    this.words = words(this);
    this.area = this.querySelector("textarea");
    const address = new URLSearchParams(location.search), shared = address.has("query");
    if (shared) this.area.value = address.get("query");
    this.state = kept("tabs", { at: 0, texts: [] });
    // A query of the address goes into the tab that has it, else into one of its own.
    if (!this.state.texts.length) this.state.texts = [this.area.value];
    else if (shared) {
      const at = this.state.texts.indexOf(this.area.value);
      this.state.at = at >= 0 ? at : this.state.texts.push(this.area.value) - 1;
    }
    this.state.at = Math.min(this.state.at, this.state.texts.length - 1);
    const root = this.attachShadow({ mode: "open" });
    this.tabs = make("div", { class: "editor-tabs", role: "group", "aria-label": this.words.tabs });
    this.tools = make("div", { class: "editor-tools" });
    this.before(this.tabs);
    this.after(this.tools);
    this.area.hidden = true;
    this.previousElementSibling?.matches("label");
    this.view = new EditorView({ parent: root, root, state: this.stateOf(this.state.texts[this.state.at]) });
    this.area.form.addEventListener("submit", () => this.remember());
    this.area.form.addEventListener("htmx:afterRequest", () => requestAnimationFrame(() => this.mark()));
    for (const name of ["htmx:afterSettle", "kg-answered"]) document.addEventListener(name, () => this.mark());
    this.write();
    this.mark();
  }

  disconnectedCallback() {
    this.view?.destroy();
    this.view = null;
    this.tabs?.remove();
    this.tools?.remove();
  }

  stateOf(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => { this.area.form.requestSubmit(); return true; } }])),
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        highlightSelectionMatches(), sparql(), syntaxHighlighting(HIGHLIGHT), THEME, EditorView.lineWrapping,
        tooltips({ position: "absolute" }),
        autocompletion({ override: [offer(this.dataset.completions, this.dataset.find)], icons: false, maxRenderedOptions: 60 }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.contentAttributes.of({ "aria-label": this.words.label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) this.changed(); }),
      ],
    });
  }

  changed() {
    this.area.value = this.state.texts[this.state.at] = this.view.state.doc.toString();
    keep("tabs", this.state);
  }

  open(text) {
    this.view.setState(this.stateOf(text));
    this.changed();
    this.write();
    this.view.focus();
  }

  /** Write the tabs and the tools below the editor. */
  write() {
    this.area.value = this.view.state.doc.toString();
    const tab = (text, place) => this.button(`${this.words.query} ${place + 1}`, () => {
      this.state.at = place;
      this.open(this.state.texts[place]);
    }, { "aria-pressed": String(place === this.state.at), title: text.slice(0, 200) });
    const add = this.button("+", () => { this.state.at = this.state.texts.push("") - 1; this.open(""); }, { "aria-label": this.words.add });
    const close = this.button("×", () => {
      this.state.texts.splice(this.state.at, 1);
      this.state.at = Math.max(0, this.state.at - 1);
      this.open(this.state.texts[this.state.at] ?? "");
    }, { "aria-label": this.words.close });
    this.tabs.replaceChildren(...this.state.texts.map(tab), add, ...(this.state.texts.length > 1 ? [close] : []));
    const prefixes = this.button(this.words.prefixes, async () => {
      const lines = await undeclared(this.dataset.completions, this.view.state.doc.toString());
      if (lines) this.view.dispatch({ changes: { from: 0, insert: lines } });
    }, { class: "plain" });
    const asked = kept("asked", []);
    const choice = make("select", { "aria-label": this.words.history }, make("option", { value: "" }, this.words.history),
      ...asked.map((text, place) => make("option", { value: String(place) }, text.replace(/\s+/g, " ").slice(0, 80))));
    choice.addEventListener("change", () => { if (choice.value) this.open(asked[Number(choice.value)]); });
    this.tools.replaceChildren(prefixes, ...(asked.length ? [choice] : []), make("span", { class: "note" }, this.words.keys));
  }

  button(text, act, attributes = {}) {
    const button = make("button", { type: "button", ...attributes }, text);
    button.addEventListener("click", act);
    return button;
  }

  /** Keep what was asked, the latest first. */
  remember() {
    const text = this.area.value.trim();
    if (!text) return;
    keep("asked", [text, ...kept("asked", []).filter((one) => one !== text)].slice(0, 30));
    this.write();
  }

  /** Mark the place that the server's message names. */
  mark() {
    const { line, column, message } = document.getElementById("answer")?.dataset ?? {};
    const doc = this.view.state.doc, found = [];
    if (line && Number(line) <= doc.lines) {
      const at = doc.line(Number(line)), from = Math.min(at.from + Number(column) - 1, at.to);
      found.push({ from: Math.min(from, Math.max(at.from, at.to - 1)), to: at.to, severity: "error", message });
    }
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }
}

customElements.define("kg-editor", KgEditor);
