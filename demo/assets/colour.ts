import type { Rgb } from "./picture.ts";

export function hex(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Colours strung along 0 to 1; the positions rise. */
export type Stops = readonly (readonly [position: number, colour: string])[];

const STEPS = 1024;

/** A gradient as a table: a shader looks it up millions of times. */
export class Ramp {
  readonly #table = new Float32Array((STEPS + 1) * 3);

  constructor(stops: Stops) {
    const colours = stops.map(([position, colour]) => ({ position, rgb: hex(colour) }));
    for (let step = 0; step <= STEPS; step++) {
      const t = step / STEPS;
      const above = colours.find(({ position }) => position >= t) ?? colours[colours.length - 1];
      const below = colours.filter(({ position }) => position <= t).pop() ?? colours[0];
      if (!above || !below) continue;
      const gap = above.position - below.position;
      const blend = gap > 0 ? smooth(0, 1, (t - below.position) / gap) : 0;
      for (let c = 0; c < 3; c++) {
        const low = below.rgb[c] as number;
        this.#table[step * 3 + c] = low + ((above.rgb[c] as number) - low) * blend;
      }
    }
  }

  read(t: number, out: Rgb): void {
    const at = Math.round(clamp(t) * STEPS) * 3;
    out[0] = this.#table[at] as number;
    out[1] = this.#table[at + 1] as number;
    out[2] = this.#table[at + 2] as number;
  }
}

export function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 1);
}

/** 0 below `from`, 1 above `to`, an S between them. */
export function smooth(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** Moves a colour towards another by `amount`, 0 to 1. */
export function blend(out: Rgb, towards: Readonly<Rgb>, amount: number): void {
  out[0] += (towards[0] - out[0]) * amount;
  out[1] += (towards[1] - out[1]) * amount;
  out[2] += (towards[2] - out[2]) * amount;
}

/** Adds light of a colour. */
export function add(out: Rgb, light: Readonly<Rgb>, amount: number): void {
  out[0] += light[0] * amount;
  out[1] += light[1] * amount;
  out[2] += light[2] * amount;
}

export function scale(out: Rgb, factor: number): void {
  out[0] *= factor;
  out[1] *= factor;
  out[2] *= factor;
}
