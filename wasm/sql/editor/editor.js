// The editor of the SQL console: CodeMirror with the lake's tables. Bundled into `editor/editor.js`
// of the site, and loaded by that page alone.
import {
  acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, SQLDialect, sql } from "@codemirror/lang-sql";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The page's colours reach into the shadow tree as custom properties. */
const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: ".92rem" },
  // The page draws it around the host.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "SFMono-Regular", "Cascadia Mono", Menlo, monospace',
    lineHeight: "1.5", maxHeight: "28rem",
  },
  ".cm-content, .cm-gutter": { minHeight: "11rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--good) 25%, transparent)",
  },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)", color: "var(--accent-ink)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".8", marginLeft: ".75em" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--fatl)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--caution)" },
]);

/**
 * Words, tables and columns to complete.
 * @param {Record<string, { label: string, detail: string }[]>} tables
 * @param {string[]} functions
 */
function language(tables, functions) {
  // PostgreSQL's types are highlighted as such; its own functions are not those of the console.
  const dialect = SQLDialect.define({ ...PostgreSQL.spec, builtin: functions.join(" ") });
  const schema = Object.fromEntries(
    Object.entries(tables).map(([name, columns]) => [
      name,
      { self: { label: name, type: "class" }, children: columns.map((column) => ({ ...column, type: "property" })) },
    ]),
  );
  return sql({ dialect, schema, upperCaseKeywords: true });
}

/**
 * Replaces selected text before the browser does, which would keep its colour by a style of its own:
 * the policy refuses that, and says so.
 */
function replace(event, view) {
  const isText = event.inputType === "insertText" && typeof event.data === "string";
  if (!isText || view.composing || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/**
 * Puts an editor into `host`.
 *
 * It lives in a shadow tree: there CodeMirror's styles are constructed sheets, which a strict
 * policy allows; in the page itself they would be style elements, which it refuses.
 * @param {HTMLElement} host
 * @param {{ text: string, label: string, help: string, tables: object, functions: string[],
 *   onRun: () => void, onChange: () => void }} options
 */
export function mount(host, { text, label, help, tables, functions, onRun, onChange }) {
  const root = host.attachShadow({ mode: "open" });
  const words = new Compartment();
  const run = { key: "Mod-Enter", preventDefault: true, run: (view) => (closeCompletion(view), onRun(), true) };
  const accept = { key: "Tab", run: (view) => completionStatus(view.state) === "active" && acceptCompletion(view) };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([run, accept])),
        lineNumbers(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(),
        bracketMatching(), closeBrackets(), autocompletion({ icons: false }), highlightActiveLine(),
        // Tab is left to the page, or the keyboard would not get out.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        words.of(language(tables, functions)),
        syntaxHighlighting(colours), theme, EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": `${label}. ${help}`, spellcheck: "false" }),
        EditorView.domEventHandlers({ beforeinput: replace }),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, selection: { anchor: 0 } });
    },
    insert(value) {
      view.dispatch(view.state.replaceSelection(value));
      view.focus();
    },
    focus: () => view.focus(),
    learn: (more) => view.dispatch({ effects: words.reconfigure(language(tables, more)) }),
  };
}
