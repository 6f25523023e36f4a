/** What a user set, without the defaults: an editor that sends those hides the environment's. */

/** The part of VS Code's `inspect` that tells who set what, from the weakest to the strongest. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
  readonly globalLanguageValue?: unknown;
  readonly workspaceLanguageValue?: unknown;
  readonly workspaceFolderLanguageValue?: unknown;
}

interface Section {
  readonly properties: object;
}

const PREFIX = "procoder.";
const OWN = ["procoder.server.", "procoder.trace."];

/** Lists the settings that the server knows, by its names for them, e.g. `idle.on_battery`. */
export function serverSettings(sections: readonly Section[]): readonly string[] {
  return sections
    .flatMap((section) => Object.keys(section.properties))
    .filter((name) => !OWN.some((prefix) => name.startsWith(prefix)))
    .map((name) => name.slice(PREFIX.length));
}

/** Returns the strongest value that was set; undefined when only the default holds. */
export function explicit(inspected: Inspected | undefined): unknown {
  return (
    inspected?.workspaceFolderLanguageValue ??
    inspected?.workspaceLanguageValue ??
    inspected?.globalLanguageValue ??
    inspected?.workspaceFolderValue ??
    inspected?.workspaceValue ??
    inspected?.globalValue
  );
}

/** Puts dotted names into nested objects; leaves out what is undefined. */
export function nested(values: readonly (readonly [name: string, value: unknown])[]): object {
  const root: Record<string, unknown> = {};
  for (const [name, value] of values) {
    if (value !== undefined) {
      const parts = name.split(".");
      const last = parts.pop() ?? name;
      innermost(root, parts)[last] = value;
    }
  }
  return root;
}

function innermost(
  root: Record<string, unknown>,
  parts: readonly string[],
): Record<string, unknown> {
  return parts.reduce<Record<string, unknown>>((inner, part) => {
    inner[part] ??= {};
    return inner[part] as Record<string, unknown>;
  }, root);
}
