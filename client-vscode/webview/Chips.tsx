import type { State } from "../src/panel/state.ts";
import { send } from "./bridge.ts";
import { type Chip, chips, describeFill, type Removal } from "./chips.ts";

interface Properties {
  readonly state: State;
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
}

/** What the draft would send. */
export function Chips({ state, draft, onDraft }: Properties) {
  const { context, preview } = state;
  const remove = (removal: Removal): void =>
    "draft" in removal
      ? onDraft(removal.draft)
      : send({ kind: "leaveOut", part: removal.leaveOut });
  return (
    <div class="chips">
      <ul aria-label="What is sent">
        {chips(preview, context, draft).map((chip) => (
          <li key={chip.kind} class="chip">
            <Label chip={chip} />
            {chip.removal !== null && (
              <button
                type="button"
                aria-label={`Leave out ${chip.label}`}
                onClick={() => chip.removal && remove(chip.removal)}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {preview !== null && <p class="making">{describeFill(preview)}</p>}
      {preview?.omitted?.map((omitted) => (
        <p key={omitted} class="note">
          {omitted}
        </p>
      ))}
    </div>
  );
}

function Label({ chip: { label, about, tokens } }: { readonly chip: Chip }) {
  return (
    <span>
      {label}
      <small>
        {about !== "" && ` ${about}`}
        {tokens !== null && ` · ${tokens}`}
      </small>
    </span>
  );
}
