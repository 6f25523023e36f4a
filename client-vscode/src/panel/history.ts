import * as vscode from "vscode";
import type { Supervisor } from "../server/supervisor.ts";
import type { ConversationItem } from "./answers.ts";
import type { Chat } from "./chat.ts";
import { openMarkdown } from "./editing.ts";

const DELETE = "Delete";

/** The list of conversations, as the chat shows it. */
export class ConversationList {
  readonly #supervisor: Supervisor;
  readonly #chat: Chat;

  constructor(supervisor: Supervisor, chat: Chat) {
    this.#supervisor = supervisor;
    this.#chat = chat;
  }

  /** Lists the conversations in which all of some words occur; without words, all of them. */
  async search(words: string): Promise<void> {
    const conversations = words.trim() === "" ? await this.#all() : await this.#holding(words);
    const asked = conversations.filter(({ opening }) => opening !== "");
    this.#chat.change({ kind: "history", history: { search: words, conversations: asked } });
  }

  close(): void {
    this.#chat.change({ kind: "history", history: null });
  }

  /** Opens a conversation as Markdown. */
  async export(conversation: string): Promise<void> {
    const { markdown } = await this.#supervisor.execute<{ markdown: string }>(
      "procoder.exportConversation",
      { conversation },
    );
    await openMarkdown(markdown);
  }

  /** Deletes a conversation, once the user was asked. */
  async delete(conversation: string): Promise<void> {
    const detail = "It goes from other editors and the companion too, and cannot be brought back.";
    const options = { modal: true, detail };
    const sure = await vscode.window.showWarningMessage(
      "Delete this conversation?",
      options,
      DELETE,
    );
    if (sure === DELETE) {
      await this.#supervisor.execute("procoder.deleteConversations", { conversation });
      const { history } = this.#chat.state;
      if (conversation === this.#chat.state.conversation) {
        this.#chat.begin();
      }
      await this.search(history?.search ?? "");
    }
  }

  async #all(): Promise<readonly ConversationItem[]> {
    const { conversations } = await this.#supervisor.execute<{
      conversations: readonly ConversationItem[];
    }>("procoder.listConversations");
    return conversations;
  }

  async #holding(text: string): Promise<readonly ConversationItem[]> {
    const { found } = await this.#supervisor.execute<{
      found: readonly { conversation: ConversationItem }[];
    }>("procoder.searchConversations", { text });
    const byId = new Map(
      found.map(({ conversation }) => [conversation.conversation, conversation]),
    );
    return [...byId.values()];
  }
}
