import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { panelDocument } from "./document.ts";
import { isRequest, type Message, type Request } from "./protocol.ts";

export const VIEW = "procoder.chatView";

/** The webview in the side bar; it comes and goes, and this stays. */
export class PanelView implements vscode.WebviewViewProvider {
  readonly #folder: vscode.Uri;
  readonly #onRequest: (request: Request) => void;
  #view: vscode.WebviewView | undefined;

  /** `folder` is the one of the built webview; nothing else is loaded. */
  constructor(folder: vscode.Uri, onRequest: (request: Request) => void) {
    this.#folder = folder;
    this.#onRequest = onRequest;
  }

  get visible(): boolean {
    return this.#view?.visible === true;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.#view = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.#folder] };
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#folder, name)).toString();
    webview.onDidReceiveMessage((message: unknown) => {
      if (isRequest(message)) {
        this.#onRequest(message);
      }
    });
    view.onDidDispose(() => {
      this.#view = undefined;
    });
    webview.html = panelDocument({
      script: file("panel.js"),
      style: file("panel.css"),
      source: webview.cspSource,
      nonce: randomBytes(16).toString("base64"),
    });
  }

  /** Tells the webview something, while there is one. */
  post(message: Message): void {
    void this.#view?.webview.postMessage(message);
  }

  /** Opens the side bar at the chat. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW}.focus`);
  }
}
