import { blend, clamp, hex, Ramp, type Stops, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Rgb, Shader } from "../picture.ts";

export interface RidgesLook {
  readonly sky: Stops;
  /** The nearest layer's colour, and the haze that the farthest one fades into. */
  readonly near: string;
  readonly haze: string;
  readonly sun: { readonly u: number; readonly v: number; readonly radius: number; readonly colour: string };
  readonly layers: number;
  /** Heights (0 top, 1 bottom) of the farthest and the nearest layer's middle. */
  readonly from: number;
  readonly to: number;
  /** Sideways travel of the nearest layer; farther ones move less. */
  readonly shift?: number;
  readonly trees?: boolean;
}

/** Layer behind layer of mountains, each paler than the one before it, a low sun, mist in the valleys. */
export function ridges(noise: Noise, aspect: number, look: RidgesLook): Shader {
  const sky = new Ramp(look.sky);
  const near = hex(look.near);
  const haze = hex(look.haze);
  const sun = hex(look.sun.colour);
  const columns = 2048;
  const layers = Array.from({ length: look.layers }, (_, index) => {
    const depth = index / (look.layers - 1); // 0 is the farthest
    const colour: Rgb = [...haze];
    blend(colour, near, 0.12 + 0.88 * depth ** 0.95);
    const heights = new Float32Array(columns + 1);
    for (let i = 0; i <= columns; i++) {
      const u = (i / columns) * aspect + (look.shift ?? 0) * (0.08 + depth * depth);
      const x = u * (1.6 + depth * 1.1) + index * 31.7;
      const amplitude = 0.2 - depth * 0.05;
      let top = look.from + (look.to - look.from) * depth;
      top += amplitude * (0.55 - noise.crests(x, index * 7.3, 6));
      if (look.trees && depth > 0.45) {
        // Firs: narrow teeth whose size varies along the ridge.
        const tooth = Math.abs(((u * (38 - depth * 14) + noise.at(u * 6, index) * 1.4) % 1) - 0.5);
        top -= (0.5 - tooth) * (0.02 + 0.05 * depth) * (0.4 + noise.at(u * 21, index * 3.1));
      }
      heights[i] = top;
    }
    return { depth, colour, heights };
  }).reverse();

  return (u, v, out) => {
    const column = clamp(u / aspect) * columns;
    const left = Math.floor(column);
    for (const { depth, colour, heights } of layers) {
      const a = heights[left] as number;
      const top = a + ((heights[Math.min(columns, left + 1)] as number) - a) * (column - left);
      if (v < top) continue;
      const below = v - top;
      out[0] = colour[0];
      out[1] = colour[1];
      out[2] = colour[2];
      const shift = (look.shift ?? 0) * (0.08 + depth * depth);
      const rock = noise.clouds((u + shift) * 14 + below * 6, v * 22 + depth * 40, 4) - 0.5;
      const light = 1 + rock * 0.22 * (0.3 + depth);
      out[0] *= light;
      out[1] *= light;
      out[2] *= light;
      // The rim that looks at the sun catches it; the foot of each layer sinks into mist.
      const towardsSun = Math.exp(-((u - look.sun.u) ** 2) / 0.35);
      blend(out, sun, 0.3 * towardsSun * (1 - depth) * smooth(0.05, 0, below));
      blend(out, haze, (1 - depth * 0.85) * smooth(0, 0.26, below) * 0.62);
      return;
    }
    sky.read(v / look.to, out);
    const wisp = smooth(0.45, 0.85, noise.clouds(u * 1.3 + 3, v * 6.5, 5));
    blend(out, sun, wisp * 0.22 * smooth(0, 0.5, v));
    const far = Math.hypot(u - look.sun.u, v - look.sun.v);
    blend(out, sun, 0.55 * Math.exp(-far * 4.2));
    blend(out, [1, 0.98, 0.93], smooth(look.sun.radius, look.sun.radius * 0.94, far));
  };
}
