import { blend, hex, Ramp, scale, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Shader } from "../picture.ts";

/** Table mountains of banded stone under a wide morning sky. */
export function canyon(noise: Noise, aspect: number): Shader {
  const sky = new Ramp([
    [0, "#2d6aa0"],
    [0.55, "#8fc0cf"],
    [1, "#f7e3bf"],
  ]);
  const strata = new Ramp([
    [0, "#e9a868"],
    [0.2, "#c9683f"],
    [0.35, "#e3955b"],
    [0.5, "#a8492f"],
    [0.68, "#d27c4c"],
    [0.84, "#8a3a2b"],
    [1, "#c2704a"],
  ]);
  const haze = hex("#e8cfc0");
  const shade = hex("#3a1f2e");
  const count = 4;
  const topAt = (layer: number, u: number): number => {
    const wander = noise.clouds(u * (1.5 - layer * 0.12) + layer * 19.3, layer * 6.1, 3);
    // Terracing the noise turns hills into mesas: flat tops, steep walls, talus at the foot.
    const table = smooth(0.44, 0.53, wander) * 0.75 + smooth(0.57, 0.61, wander) * 0.4;
    const rough = noise.clouds(u * 16, layer * 2.2, 4) - 0.5;
    return 0.52 + layer * 0.155 - table * (0.17 + layer * 0.045) + rough * 0.024;
  };
  return (u, v, out) => {
    for (let layer = count - 1; layer >= 0; layer--) {
      const top = topAt(layer, u);
      if (v < top) continue;
      const depth = layer / (count - 1);
      const below = v - top;
      const bend = noise.clouds(u * 2.5 + layer * 3, v * 3, 4) * 0.07;
      const level = (v + bend) * (11 - depth * 5) + noise.clouds(u * 0.8, v * 30, 3) * 0.55;
      strata.read(level - Math.floor(level), out);
      const flutes = noise.crests(u * 15 + layer * 9 + bend * 20, v * 4.5, 5);
      scale(out, 0.74 + flutes * 0.5);
      const slope = (topAt(layer, u + 0.012) - topAt(layer, u - 0.012)) / 0.024;
      blend(out, shade, 0.62 * smooth(0.1, 1.4, slope) * smooth(0.42, 0, below));
      const scree = smooth(0.1, 0.26, below + (flutes - 0.5) * 0.06);
      blend(out, [0.74, 0.46, 0.31], scree * 0.5);
      blend(out, haze, (1 - depth) * 0.72);
      blend(out, [1, 0.86, 0.66], 0.42 * smooth(0.012, 0.002, below));
      return;
    }
    sky.read(v / 0.56, out);
    const cloud = smooth(0.5, 0.8, noise.clouds(u * 1.2 + 8, v * 4.6 + 3, 6));
    blend(out, [1, 0.98, 0.94], cloud * 0.85);
    blend(out, [1, 0.92, 0.74], 0.5 * Math.exp(-Math.hypot(u - aspect * 0.12, v - 0.3) * 3.6));
  };
}
