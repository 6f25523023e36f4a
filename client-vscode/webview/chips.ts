/** What a draft would send, as chips; and what becomes of the draft when one is removed. */
import type { PreviewPart, PreviewResult } from "../src/panel/answers.ts";
import type { Context } from "../src/panel/state.ts";

export interface Chip {
  readonly kind: PreviewPart["kind"];
  readonly label: string;
  /** What kind of code it is; empty for what is no code. */
  readonly about: string;
  readonly tokens: number | null;
  /** What leaves it out: another draft, or one of the extension's parts; null where nothing does. */
  readonly removal: Removal | null;
}

export type Removal =
  | { readonly draft: string }
  | { readonly leaveOut: "selection" | "conversation" };

const CODE_MENTION = /(?<![\w@.])@(?:file|selection|symbol(?::[\w.]+)?)(?![\w:.]*\w)\s?/g;
const DIAGNOSTICS_MENTION = /(?<![\w@.])@diagnostics\b\s?/g;

/** Returns a chip for each part that is sent. */
export function chips(
  preview: PreviewResult | null,
  context: Context,
  draft: string,
): readonly Chip[] {
  if (preview === null) {
    return context.file === "" ? [] : [surroundings(context)];
  }
  return preview.parts.map(({ kind, title, about, tokens }) => ({
    kind,
    label: title,
    about: about ?? "",
    tokens,
    removal: removal(kind, context, draft),
  }));
}

/** Says how much of the model's window a question takes; empty while that is not known. */
export function describeFill(preview: PreviewResult): string {
  if (preview.cached) {
    return "The answer is kept from before; nothing is sent.";
  }
  if (preview.sends === false) {
    return "ProCoder answers this itself; nothing is sent.";
  }
  const { tokens, window, answer_tokens: answer } = preview;
  if (!tokens || !window) {
    return "";
  }
  return `${tokens} of ${window} tokens, at most ${answer ?? 0} more for the answer`;
}

function surroundings({ file, selection }: Context): Chip {
  const about = selection ? "selection" : "at the cursor";
  const removed: Removal | null = selection ? { leaveOut: "selection" } : null;
  return { kind: "code", label: file, about, tokens: null, removal: removed };
}

function removal(kind: PreviewPart["kind"], context: Context, draft: string): Removal | null {
  switch (kind) {
    case "code": {
      const without = draft.replace(CODE_MENTION, "");
      if (without !== draft) {
        return { draft: without };
      }
      return context.selection ? { leaveOut: "selection" } : null;
    }
    case "diagnostics": {
      const without = draft.replace(DIAGNOSTICS_MENTION, "");
      return without === draft ? null : { draft: without };
    }
    case "conversation":
      return { leaveOut: "conversation" };
    case "question":
      return { draft: "" };
  }
}
