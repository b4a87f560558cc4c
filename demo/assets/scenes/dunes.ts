import { blend, hex, Ramp, scale, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Shader } from "../picture.ts";

/** Evening light over dunes: a lit windward face and a shaded lee face meet at each crest. */
export function dunes(noise: Noise, aspect: number): Shader {
  const sky = new Ramp([
    [0, "#2f4a72"],
    [0.5, "#c99c93"],
    [0.85, "#f6cfa0"],
    [1, "#fbe2b8"],
  ]);
  const lit = hex("#eda55b");
  const shaded = hex("#6d2f34");
  const haze = hex("#f3c795");
  const count = 6;
  const crestAt = (layer: number, u: number): number => {
    const depth = layer / (count - 1);
    const wide = 0.85 + (1 - depth) * 1.5;
    const swell = noise.clouds(u * wide + layer * 13.1, layer * 4.7, 2) - 0.5;
    return 0.43 + 0.5 * depth ** 1.35 + swell * (0.13 + depth * 0.3);
  };
  return (u, v, out) => {
    for (let layer = count - 1; layer >= 0; layer--) {
      const top = crestAt(layer, u);
      if (v < top) continue;
      const depth = layer / (count - 1);
      const below = v - top;
      // A crest line wanders down the dune's body: left of it the sun, right of it the shadow.
      const bend = noise.clouds((u + below * 1.9) * 2.1 + layer * 5, below * 3.6 + layer * 9, 3);
      const slope = (crestAt(layer, u + 0.006) - top) / 0.006;
      const face = smooth(-0.14, 0.2, slope + (bend - 0.5) * 0.85 - below * 0.32);
      out[0] = lit[0];
      out[1] = lit[1];
      out[2] = lit[2];
      blend(out, shaded, face * (0.5 + depth * 0.4));
      const ripple = Math.sin((v * 150 + u * 34 + bend * 26) * (1.35 - depth * 0.75));
      scale(out, 1 + ripple * 0.035 * depth * (1 - face * 0.6));
      blend(out, haze, (1 - depth) * 0.62);
      blend(out, haze, 0.5 * smooth(0.008, 0, below) * (1 - face));
      return;
    }
    sky.read(v / 0.5, out);
    const far = Math.hypot(u - aspect * 0.24, v - 0.36);
    blend(out, [1, 0.93, 0.78], 0.75 * Math.exp(-far * 5));
    blend(out, [1, 0.98, 0.9], smooth(0.048, 0.044, far));
  };
}
