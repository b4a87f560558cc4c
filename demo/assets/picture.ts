import type { Random } from "../../packages/sdk/src/base/random.ts";

/** Red, green and blue, each 0 to 1. A scene's shader writes into one that it is handed. */
export type Rgb = [number, number, number];

/** Colours a point: `u` runs from 0 at the left to the aspect ratio at the right, `v` from 0 at the top to 1. */
export type Shader = (u: number, v: number, out: Rgb) => void;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A painted rectangle of floating-point colour, so that it can be softened with grain before it becomes bytes. */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly #rgb: Float32Array;

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
    this.#rgb = new Float32Array(width * height * 3);
  }

  paint(shader: Shader): this {
    const out: Rgb = [0, 0, 0];
    let at = 0;
    for (let y = 0; y < this.height; y++) {
      const v = (y + 0.5) / this.height;
      for (let x = 0; x < this.width; x++) {
        shader((x + 0.5) / this.height, v, out);
        this.#rgb[at++] = out[0];
        this.#rgb[at++] = out[1];
        this.#rgb[at++] = out[2];
      }
    }
    return this;
  }

  /** Adds a soft round light of the given radius (in picture heights): stars, glows. */
  glow(u: number, v: number, radius: number, [red, green, blue]: Readonly<Rgb>): void {
    const cx = u * this.height;
    const cy = v * this.height;
    const reach = radius * this.height;
    const bottom = Math.min(this.height - 1, Math.ceil(cy + reach));
    const right = Math.min(this.width - 1, Math.ceil(cx + reach));
    for (let y = Math.max(0, Math.floor(cy - reach)); y <= bottom; y++) {
      for (let x = Math.max(0, Math.floor(cx - reach)); x <= right; x++) {
        const near = 1 - Math.hypot(x - cx, y - cy) / reach;
        if (near <= 0) continue;
        const light = near * near * near;
        const at = (y * this.width + x) * 3;
        this.#rgb[at] = (this.#rgb[at] ?? 0) + red * light;
        this.#rgb[at + 1] = (this.#rgb[at + 1] ?? 0) + green * light;
        this.#rgb[at + 2] = (this.#rgb[at + 2] ?? 0) + blue * light;
      }
    }
  }

  /** Bytes, with film grain of the given strength in levels of 255: it hides banding in long gradients. */
  toBytes(grain: number, random: Random): Uint8Array {
    const bytes = new Uint8Array(this.#rgb.length);
    // A table of noise instead of a draw for each of millions of samples.
    const table = Float32Array.from({ length: 1 << 14 }, () => {
      return (random.next() + random.next() + random.next() - 1.5) * grain;
    });
    let at = random.below(table.length);
    for (let i = 0; i < bytes.length; i++) {
      if (i % 4099 === 0) at = random.below(table.length);
      at = (at + 1) & (table.length - 1);
      const level = (this.#rgb[i] as number) * 255 + (table[at] as number) + 0.5;
      bytes[i] = level < 0 ? 0 : Math.min(level, 255);
    }
    return bytes;
  }
}
