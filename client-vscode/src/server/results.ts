/** What the commands of `procoder lsp` return; docs/lsp.md describes them. */

export interface Checks {
  readonly checked: number;
  readonly passed: number;
  readonly dropped: readonly unknown[];
}

export interface Edited {
  readonly applied: boolean;
  readonly title: string | null;
  readonly notes: readonly string[];
  readonly reason: string | null;
}

export interface Host {
  readonly state: "not running" | "loading" | "ready" | "unreachable";
  readonly url: string | null;
  readonly model: string | null;
  readonly engine: string | null;
  readonly pid: number | null;
}

export interface Work {
  readonly title: string;
  readonly seconds?: number;
  readonly seconds_left?: number | null;
}

export interface Status {
  readonly version: string;
  readonly on: boolean;
  readonly model: string;
  readonly level: string;
  readonly language: string;
  readonly host: Host;
  readonly doing: readonly Work[];
  readonly tokens_per_second: number | null;
  readonly problems: readonly string[];
}

export interface Model {
  readonly id: string;
  readonly title?: string;
  readonly installed: boolean;
  readonly default?: boolean;
  readonly size_bytes?: number;
  readonly memory_bytes?: number;
  readonly licence?: string;
  readonly good_for?: string;
}

export interface Models {
  readonly current: string;
  readonly models: readonly Model[];
  readonly markdown: string;
}
