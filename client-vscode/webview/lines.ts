/** Finds the lines that a text names: `line 12` and `lines 3-7`, as the server writes them. */

export interface Mention {
  readonly text: string;
  /** The lines, which begin at 1; undefined for text between mentions. */
  readonly lines: { readonly first: number; readonly last: number } | undefined;
}

const NAMED = /\b[Ll]ines? (?<first>\d{1,7})(?:[-–](?<last>\d{1,7}))?\b/g;

/** Cuts a text into what names lines and what does not; joined, the pieces are the text. */
export function cutAtLines(text: string): readonly Mention[] {
  const pieces: Mention[] = [];
  let end = 0;
  for (const match of text.matchAll(NAMED)) {
    if (match.index > end) {
      pieces.push({ text: text.slice(end, match.index), lines: undefined });
    }
    const first = Number(match.groups?.["first"]);
    const last = Number(match.groups?.["last"] ?? first);
    const isRange = first >= 1 && last >= first;
    pieces.push({ text: match[0], lines: isRange ? { first, last } : undefined });
    end = match.index + match[0].length;
  }
  if (end < text.length) {
    pieces.push({ text: text.slice(end), lines: undefined });
  }
  return pieces;
}
