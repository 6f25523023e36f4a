/** Runs a program to its end, without a shell, and tells its lines as they come. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Ending, Tail } from "./server/ending.ts";

export interface Run {
  readonly command: string;
  readonly args: readonly string[];
  /** Never the user's folder: Python would import modules from it. */
  readonly cwd: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  readonly timeoutMs?: number;
}

export interface Ended extends Ending {
  readonly stdout: string;
  /** Why it could not be started; undefined when it was. */
  readonly failure?: string;
}

/** Never rejects: a program that cannot be started ends with a `failure`. */
export function run({ command, args, cwd, signal, onLine, timeoutMs }: Run): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(signal && { signal }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    });
    const tail = new Tail();
    let stdout = "";
    read(child.stdout, (line) => {
      stdout += `${line}\n`;
      onLine?.(line);
    });
    read(child.stderr, (line) => {
      tail.add(`${line}\n`);
      onLine?.(line);
    });
    child.on("error", (error) => {
      resolve({
        code: null,
        signal: null,
        lastLines: tail.lines(),
        stdout,
        failure: error.message,
      });
    });
    child.on("close", (code, ending) => {
      resolve({ code, signal: ending, lastLines: tail.lines(), stdout });
    });
  });
}

function read(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on("line", onLine);
}
