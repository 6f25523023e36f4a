/**
 * Commands by their names in VS Code. Those of the server have the same name here, since its hovers,
 * lenses and code actions name them.
 */

/** What a link in a hover may run: all that the server puts there, and nothing else. */
export const HOVER_COMMANDS = [
  "procoder.explain",
  "procoder.ask",
  "procoder.document",
  "procoder.hint",
] as const;

/** Commands of the server that answer in words. */
export const ANSWERS = [
  "procoder.explain",
  "procoder.explainParts",
  "procoder.explainError",
  "procoder.ask",
  "procoder.hint",
] as const;

/** Commands of the server that edit, each through `workspace/applyEdit`. */
export const EDITS = [
  "procoder.fix",
  "procoder.document",
  "procoder.simplify",
  "procoder.tests",
] as const;
