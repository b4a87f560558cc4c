import { add, blend, Ramp, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Shader } from "../picture.ts";

/** A sun an hour from setting, and its road of glitter over the swell. */
export function sea(noise: Noise, aspect: number): Shader {
  const horizon = 0.46;
  const sunU = aspect * 0.6;
  const sunV = 0.35;
  const sky = new Ramp([
    [0, "#1f3358"],
    [0.45, "#7d6c93"],
    [0.75, "#e8967a"],
    [1, "#ffd9a0"],
  ]);
  const water = new Ramp([
    [0, "#c98f83"],
    [0.12, "#6f6f8f"],
    [0.45, "#2a4668"],
    [1, "#0b1c33"],
  ]);
  return (u, v, out) => {
    if (v < horizon) {
      sky.read(v / horizon, out);
      const bank = noise.clouds(u * 1.1 + 2, v * 7 + 1, 6);
      const cloud = smooth(0.48, 0.78, bank) * smooth(0.02, 0.2, v);
      const under = noise.clouds(u * 1.1 + 2, (v + 0.018) * 7 + 1, 6) - bank;
      blend(out, [0.36, 0.26, 0.4], cloud * 0.55);
      add(out, [1, 0.5, 0.28], cloud * Math.max(0, under) * 4.4);
      const far = Math.hypot(u - sunU, v - sunV);
      blend(out, [1, 0.82, 0.55], 0.7 * Math.exp(-far * 5.5));
      blend(out, [1, 0.97, 0.88], smooth(0.05, 0.046, far));
      return;
    }
    const depth = (v - horizon) / (1 - horizon);
    // Perspective: rows near the horizon hold many waves, rows near us few.
    const distance = 1 / (depth + 0.035);
    const x = (u - sunU) * distance * 0.9;
    const wave = noise.clouds(x * 2.2 + 40, distance * 5.2, 5);
    const facet = noise.clouds(x * 2.2 + 40, distance * 5.2 + 0.16, 5) - wave;
    water.read(depth + (wave - 0.5) * 0.34, out);
    blend(out, [0.95, 0.62, 0.5], Math.max(0, facet) * 2.1 * (1 - depth * 0.55));
    const road = Math.exp(-((u - sunU) ** 2) / (0.004 + depth * depth * 0.075));
    const glint = smooth(0.5 - road * 0.06, 0.74, wave + facet * 1.4);
    add(out, [1, 0.74, 0.45], road * (0.16 + glint * 1.25) * (1.05 - depth * 0.5));
    blend(out, [1, 0.8, 0.58], 0.5 * Math.exp(-depth * 42));
  };
}
