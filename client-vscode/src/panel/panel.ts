import * as vscode from "vscode";
import { type Handler, tell } from "../commands/registering.ts";
import { subjectOf } from "../commands/subject.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { changeSetting } from "../settings.ts";
import type { Completions } from "./answers.ts";
import { Chat } from "./chat.ts";
import { insert, replaceReviewed, reveal } from "./editing.ts";
import { ConversationList } from "./history.ts";
import { Place } from "./place.ts";
import type { Request } from "./protocol.ts";
import { Surroundings } from "./surroundings.ts";
import { PanelView, VIEW } from "./view.ts";

type Answering = { readonly [Kind in Request["kind"]]: (r: Request & { kind: Kind }) => unknown };

/** The chat panel: its view, and the commands that lead to it. */
export class Panel implements vscode.Disposable {
  readonly #supervisor: Supervisor;
  readonly #log: vscode.LogOutputChannel;
  readonly #place = new Place();
  readonly #view: PanelView;
  readonly #chat: Chat;
  readonly #list: ConversationList;
  readonly #surroundings: Surroundings;
  readonly #registered: vscode.Disposable;
  readonly #answering: Answering;
  #restored: Promise<void> | undefined;

  constructor(
    supervisor: Supervisor,
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
  ) {
    this.#supervisor = supervisor;
    this.#log = log;
    const folder = vscode.Uri.joinPath(context.extensionUri, "dist", "webview");
    this.#view = new PanelView(folder, (request) => void this.#answer(request));
    this.#chat = new Chat(supervisor, this.#place, context.workspaceState);
    this.#list = new ConversationList(supervisor, this.#chat);
    this.#surroundings = new Surroundings(
      supervisor,
      this.#place,
      this.#chat,
      () => this.#view.visible,
    );
    this.#answering = this.#answers();
    this.#registered = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(VIEW, this.#view),
      this.#chat.onDidChange((change) => this.#view.post(change)),
      supervisor.onDidChangeState(({ kind }) => {
        if (kind === "running" && this.#view.visible) {
          void this.#restore();
        }
      }),
    );
  }

  /** Commands that open the chat, by their names in VS Code. */
  get commands(): Readonly<Record<string, Handler>> {
    return {
      "procoder.openChat": () => this.#focus(),
      "procoder.explainInChat": (argument) => this.#explain(argument),
      "procoder.newConversation": () => this.#begin(),
      "procoder.showConversations": () => this.#showConversations(),
    };
  }

  /** Takes note that no conversation is kept any more. */
  forget(): void {
    this.#chat.begin();
    this.#list.close();
  }

  dispose(): void {
    this.#registered.dispose();
    this.#surroundings.dispose();
    this.#chat.dispose();
    this.#place.dispose();
  }

  async #focus(): Promise<void> {
    await this.#view.show();
    this.#view.post({ kind: "focus" });
  }

  async #begin(): Promise<void> {
    this.#chat.begin();
    await this.#focus();
  }

  async #showConversations(): Promise<void> {
    await this.#view.show();
    await this.#list.search("");
  }

  async #explain(argument: unknown): Promise<void> {
    const subject = subjectOf(argument);
    if (subject === undefined) {
      return;
    }
    await this.#view.show();
    await this.#restore();
    const question = { text: "/explain", ...subject };
    await this.#chat.take({ title: "", command: "procoder.chat", arguments: [question] });
  }

  /** Once a session, as soon as there is a server. */
  #restore(): Promise<void> {
    this.#restored ??= this.#chat.restore().catch((error: unknown) => {
      this.#restored = undefined;
      this.#log.warn(`The last conversation was not opened: ${String(error)}`);
    });
    return this.#restored;
  }

  /** Answers the webview; what goes wrong is told to the user. */
  async #answer<Kind extends Request["kind"]>(request: Request & { kind: Kind }): Promise<void> {
    const kind: Kind = request.kind;
    try {
      await this.#answering[kind](request);
    } catch (error) {
      void tell(error, this.#supervisor, this.#log);
    }
  }

  #answers(): Answering {
    return {
      ...this.#answersAboutTurns(),
      ...this.#answersAboutConversations(),
      ready: () => this.#ready(),
      draft: ({ text }) => this.#draft(text),
      complete: ({ text }) => this.#complete(text),
      level: ({ level }) => changeSetting("level", level),
      language: ({ language }) => changeLanguage(language),
      chooseModel: () => vscode.commands.executeCommand("procoder.chooseModel"),
      mend: () => this.#mend(),
      leaveOut: ({ part }) =>
        part === "selection" ? this.#place.leaveOutSelection() : this.#chat.begin(),
    };
  }

  #answersAboutTurns(): Pick<
    Answering,
    "ask" | "edit" | "again" | "step" | "apply" | "stop" | "reveal" | "copy" | "insert" | "replace"
  > {
    const chat = this.#chat;
    return {
      ask: ({ text }) => chat.ask(text),
      edit: ({ id, text }) => chat.edit(id, text),
      again: ({ id }) => chat.again(id),
      step: ({ id, index }) => chat.step(id, index),
      apply: ({ id }) => chat.apply(id),
      stop: () => chat.stop(),
      reveal: ({ id, first, last }) => {
        const subject = chat.subject(id);
        return subject && reveal(subject.uri, first, last);
      },
      copy: ({ text }) => vscode.env.clipboard.writeText(text),
      insert: ({ text }) => insert(text),
      replace: ({ id, text }) => {
        const subject = chat.subject(id);
        return subject?.range && replaceReviewed(subject.uri, subject.range, text);
      },
    };
  }

  #answersAboutConversations(): Pick<
    Answering,
    "search" | "closeHistory" | "open" | "export" | "delete"
  > {
    const list = this.#list;
    return {
      search: ({ text }) => list.search(text),
      closeHistory: () => list.close(),
      open: ({ conversation }) => this.#chat.open(conversation),
      export: ({ conversation }) => list.export(conversation),
      delete: ({ conversation }) => list.delete(conversation),
    };
  }

  async #ready(): Promise<void> {
    const { draft, state } = this.#chat;
    this.#view.post({ kind: "restored", state, draft });
    this.#surroundings.previewLater();
    await this.#surroundings.refresh();
    if (this.#supervisor.state.kind === "running") {
      await this.#restore();
    }
  }

  #draft(text: string): void {
    this.#chat.keepDraft(text);
    this.#surroundings.previewLater();
  }

  async #complete(text: string): Promise<void> {
    const { uri } = this.#place;
    if (uri !== undefined) {
      const argument = { uri, text };
      const completions = await this.#supervisor.execute<Completions>(
        "procoder.completeChat",
        argument,
      );
      this.#view.post({ kind: "completions", text, completions });
    }
  }

  async #mend(): Promise<void> {
    const { remedy } = this.#surroundings;
    if (remedy !== undefined) {
      await vscode.commands.executeCommand(remedy.command);
    }
  }
}

/** Sets the language of the answers; an empty one is asked for. */
async function changeLanguage(language: string): Promise<void> {
  const chosen =
    language === ""
      ? await vscode.window.showInputBox({
          title: "The language of the answers",
          prompt: "A code such as en, es or pt-BR",
        })
      : language;
  if (chosen) {
    await changeSetting("language", chosen);
  }
}
