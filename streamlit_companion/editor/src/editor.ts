/** The code editor of the companion: CodeMirror in a Streamlit component, with nothing from outside. */

import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { setDiagnostics } from "@codemirror/lint";
import type { Component, ComponentArgs } from "@streamlit/component-v2-lib";
import { type Finding, type Lines, toDiagnostics } from "./findings.js";
import { highlight } from "./highlights.js";
import { setup } from "./setup.js";

/** What Python sends. Lines are 1-based, columns 0-based code points. */
interface Data {
  text: string;
  /** Another number, another document: only then is what was typed replaced. */
  revision: number;
  findings: Finding[];
  /** The lines that the text beside the code is about; the first one is brought into view. */
  highlighted: Lines[];
  label: string;
}

/** What Python is told. */
interface State extends Record<string, unknown> {
  typed: { text: string; revision: number };
  /** The selected lines; null when nothing is selected. */
  selection: (Lines & { revision: number }) | null;
}

type Arguments = ComponentArgs<State, Data>;

/** Milliseconds of quiet after which what was typed is sent. */
const QUIET = 500;

/** One editor in one place of the page; the page renders around it again and again. */
class Editor {
  readonly view: EditorView;
  private readonly label = new Compartment();
  private args: Arguments;
  private revision: number;
  private shown = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typed = false;
  private selected = false;

  constructor(args: Arguments, parent: Element) {
    this.args = args;
    this.revision = args.data.revision;
    this.view = new EditorView({
      parent,
      root: args.parentElement instanceof ShadowRoot ? args.parentElement : document,
      state: EditorState.create({
        doc: args.data.text,
        extensions: [
          setup(),
          this.label.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) this.typed = true;
            if (update.docChanged || update.selectionSet) this.schedule();
          }),
          EditorView.domEventHandlers({ blur: () => this.send() }),
        ],
      }),
    });
    this.typed = false;
    this.show(args);
  }

  /** Take what Python says now. */
  show(args: Arguments): void {
    this.args = args;
    const { data } = args;
    if (data.revision !== this.revision) {
      this.revision = data.revision;
      const all = { from: 0, to: this.view.state.doc.length, insert: data.text };
      this.view.dispatch({ changes: all });
      this.typed = false;
      clearTimeout(this.timer);
    }
    const shown = JSON.stringify([data.findings, data.highlighted, data.label, data.revision]);
    // What is typed and not sent yet has moved on: the findings of the older text would be misplaced.
    if (shown === this.shown || this.typed) return;
    this.shown = shown;
    const state = this.view.state;
    const attributes = EditorView.contentAttributes.of({ "aria-label": data.label });
    this.view.dispatch(
      setDiagnostics(state, toDiagnostics(state.doc, data.findings)),
      { effects: [highlight(state.doc, data.highlighted), this.label.reconfigure(attributes)] },
    );
    const first = data.highlighted[0];
    if (first !== undefined && first.line <= state.doc.lines) {
      const at = state.doc.line(Math.max(first.line, 1)).from;
      this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
    }
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.view.destroy();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), QUIET);
  }

  private send(): void {
    clearTimeout(this.timer);
    const { doc, selection } = this.view.state;
    const { from, to } = selection.main;
    const { revision } = this;
    const lines = { line: doc.lineAt(from).number, endLine: doc.lineAt(to).number, revision };
    if (this.typed) {
      this.typed = false;
      this.args.setStateValue("typed", { text: doc.toString(), revision });
    }
    const selected = from !== to;
    if (selected || this.selected) {
      this.selected = selected;
      this.args.setStateValue("selection", selected ? lines : null);
    }
  }
}

const editors = new WeakMap<Node, Editor>();

const mount: Component<State, Data> = (args) => {
  const place = args.parentElement.querySelector(".editor");
  if (place === null) throw new Error("the component has no element for its editor");
  const known = editors.get(place);
  if (known !== undefined) {
    known.show(args);
  } else {
    editors.set(place, new Editor(args, place));
  }
  return () => {
    editors.get(place)?.destroy();
    editors.delete(place);
  };
};

export default mount;
