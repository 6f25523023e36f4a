/** Decides whether and when a server that ended is started again. */

const DELAYS_SECONDS: readonly number[] = [1, 2, 4, 8];
const FORGET_AFTER_MS = 180_000;

export class Backoff {
  readonly #now: () => number;
  #ends: number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Takes note that the server ended by itself. Returns the seconds to wait before the next start;
   * undefined when it ended more often within three minutes than there are delays.
   */
  ended(): number | undefined {
    const now = this.#now();
    this.#ends = [...this.#ends.filter((end) => now - end < FORGET_AFTER_MS), now];
    return DELAYS_SECONDS[this.#ends.length - 1];
  }

  /** Forgets all ends: the user asked for a start. */
  reset(): void {
    this.#ends = [];
  }
}
