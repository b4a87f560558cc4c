/** What a peer has, in 64 bits: bit i is set when it has at least one piece of the i-th 64th of the content. */
export interface Sketch {
  readonly high: number;
  readonly low: number;
}

const DIGITS = /^[0-9a-f]{16}$/;

/** Reads 16 hex digits; undefined for anything else. */
export function parseSketch(hex: string | undefined): Sketch | undefined {
  if (hex === undefined || !DIGITS.test(hex)) return undefined;
  return { high: Number.parseInt(hex.slice(0, 8), 16) | 0, low: Number.parseInt(hex.slice(8), 16) | 0 };
}

export function formatSketch({ high, low }: Sketch): string {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** How much of what `asker` lacks the other has, 0 to 1. Somebody who lacks nothing gains nothing. */
export function gain(asker: Sketch, other: Sketch): number {
  const lacking = ones(~asker.high) + ones(~asker.low);
  if (lacking === 0) return 0;
  return (ones(other.high & ~asker.high) + ones(other.low & ~asker.low)) / lacking;
}

/** Set bits of a 32-bit number, counted in parallel (Warren, Hacker's Delight, 5-1). */
function ones(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
