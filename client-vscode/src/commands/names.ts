/** Commands by their names in VS Code. Those of the server have the same name there. */

/** What a link in a hover may run: all that the server puts there, and nothing else. */
export const HOVER_COMMANDS = [
  "procoder.explain",
  "procoder.ask",
  "procoder.document",
  "procoder.hint",
] as const;
