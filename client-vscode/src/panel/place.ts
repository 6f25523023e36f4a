import * as vscode from "vscode";
import type { Range } from "./answers.ts";

/** Follows which Python is being read: what questions are about. */
export class Place implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listening: vscode.Disposable;
  #document: vscode.TextDocument | undefined;
  #selection: vscode.Selection | undefined;
  #leftOut = false;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#listening = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    );
    this.#follow(vscode.window.activeTextEditor);
  }

  /** The document's; undefined while no Python is open. */
  get uri(): string | undefined {
    return this.#document?.uri.toString();
  }

  get file(): string {
    return this.#document?.uri.path.split("/").at(-1) ?? "";
  }

  /** What is selected, else the cursor as an empty range. */
  get range(): Range | undefined {
    const selection = this.#selection;
    return selection && (this.hasSelection ? plain(selection) : plain(at(selection.active)));
  }

  get hasSelection(): boolean {
    return this.#selection?.isEmpty === false && !this.#leftOut;
  }

  /** Asks about the code at the cursor, until something else is selected. */
  leaveOutSelection(): void {
    this.#leftOut = true;
    this.#changed.fire();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  #follow(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId === "python") {
      this.#document = editor.document;
      this.#selection = editor.selection;
      this.#leftOut = false;
      this.#changed.fire();
    }
  }

  #forget(document: vscode.TextDocument): void {
    if (document === this.#document) {
      this.#document = undefined;
      this.#selection = undefined;
      this.#changed.fire();
    }
  }
}

function at(position: vscode.Position): vscode.Range {
  return new vscode.Range(position, position);
}

function plain({ start, end }: vscode.Range): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
