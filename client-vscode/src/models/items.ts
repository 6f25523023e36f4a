/** The rows of the model picker. */
import type { Model } from "../server/results.ts";

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly installed: boolean;
}

/** Returns a row a model; those that are here come first. */
export function rows(models: readonly Model[], current: string): readonly Row[] {
  const listed = models.map((model) => ({
    id: model.id,
    label: `${model.id === current ? "$(check)" : "$(blank)"} ${model.title ?? model.id}`,
    description: model.installed ? "installed" : needs(model),
    detail: detail(model),
    installed: model.installed,
  }));
  return [...listed.filter((row) => row.installed), ...listed.filter((row) => !row.installed)];
}

/** Says how much a model takes, e.g. `98 MB to fetch, about 350 MB of memory`. */
export function needs({ size_bytes: size, memory_bytes: memory }: Model): string {
  const parts = [
    size === undefined ? undefined : `${amount(size)} to fetch`,
    memory === undefined ? undefined : `about ${amount(memory)} of memory`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function amount(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

function detail({ good_for: goodFor, licence }: Model): string {
  return [goodFor, licence].filter((part) => part !== undefined && part !== "").join(" · ");
}
