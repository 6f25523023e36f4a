import type { ConversationItem } from "../src/panel/answers.ts";
import type { History as State } from "../src/panel/state.ts";
import { send } from "./bridge.ts";

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Conversations that were kept: to be searched, opened, exported and deleted. */
export function History({ history }: { readonly history: State }) {
  const { conversations, search } = history;
  return (
    <section class="history" aria-label="Conversations">
      <div class="question">
        <h2>Conversations</h2>
        <button type="button" class="quiet" onClick={() => send({ kind: "closeHistory" })}>
          Back to the chat
        </button>
      </div>
      <input
        type="search"
        aria-label="Search conversations"
        placeholder="Search"
        value={search}
        onInput={({ currentTarget }) => send({ kind: "search", text: currentTarget.value })}
      />
      {conversations.length === 0 && (
        <p class="note">
          {search === "" ? "Nothing was asked yet." : "No conversation has these words."}
        </p>
      )}
      <ul>
        {conversations.map((item) => (
          <Conversation key={item.conversation} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Conversation({ item }: { readonly item: ConversationItem }) {
  const { conversation, opening, uri, changed } = item;
  const file = decodeURIComponent(uri ?? "")
    .split("/")
    .at(-1);
  return (
    <li>
      <button
        type="button"
        class="conversation"
        onClick={() => send({ kind: "open", conversation })}
      >
        <span>{opening}</span>
        <small>
          {file ? `${file} · ` : ""}
          {DATE.format(new Date(changed))}
        </small>
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={`Export ${opening}`}
        onClick={() => send({ kind: "export", conversation })}
      >
        Export
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={`Delete ${opening}`}
        onClick={() => send({ kind: "delete", conversation })}
      >
        Delete
      </button>
    </li>
  );
}
