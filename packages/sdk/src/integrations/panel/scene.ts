import type { Words } from "./words.ts";

/** What all parts of the panel share: its words, how it writes figures, and which colour is whose. */
export interface Scene {
  readonly words: Words;
  /** Says a stable name, such as that of a state, in words; one that has none is said as it is. */
  say(kind: "state" | "role" | "tracker", name: string): string;
  /** "21.8 MB": decimal units, three digits. */
  bytes(bytes: number): string;
  rate(bytesPerSecond: number): string;
  /** 0 % and 100 % only when it is exactly so. */
  percent(ratio: number): string;
  count(value: number): string;
  time(date: Date): string;
  /** The colour of what is a peer's. The first six peers' differ; the visit's others share theirs. */
  colourOf(peer: string): string;
}

const COLOURS = 6;

export function createScene(language: string, words: Words): Scene {
  const formatter = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const whole = formatter({ maximumFractionDigits: 0 });
  const threeDigits = formatter({ minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const percents = formatter({ style: "percent" });
  const times = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const units = words.units.split(" ");
  const slots = new Map<string, number>();

  const bytes = (of: number): string => {
    let value = of;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return `${(unit ? threeDigits : whole).format(value)}\u00a0${units[unit]}`;
  };

  return {
    words,
    say: (kind, name) => (words as Readonly<Record<string, string>>)[`${kind}:${name}`] ?? name,
    bytes,
    rate: (value) => `${bytes(value)}/s`,
    percent: (ratio) => percents.format(ratio % 1 ? Math.min(0.99, Math.max(0.01, ratio)) : ratio),
    count: whole.format,
    time: times.format,
    colourOf: (peer) => {
      const slot = slots.get(peer) ?? slots.size;
      slots.set(peer, slot);
      return `peer-${slot % COLOURS}`;
    },
  };
}

/** Enough of a peer's id to tell it from its neighbours. */
export function shortPeer(peer: string): string {
  return peer.slice(0, 4);
}
