import { add, blend, hex, Ramp, scale, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Shader } from "../picture.ts";

/** Clouds of gas, folded into themselves (domain warping), with dark lanes of dust in front. */
export function nebula(noise: Noise, aspect: number): Shader {
  const gas = new Ramp([
    [0, "#05060f"],
    [0.3, "#171743"],
    [0.52, "#5a2a78"],
    [0.7, "#d1497d"],
    [0.86, "#ff9f6e"],
    [1, "#fff1cf"],
  ]);
  const teal = hex("#2bb5c4");
  return (u, v, out) => {
    const wx = noise.clouds(u * 1.5, v * 1.5, 4);
    const wy = noise.clouds(u * 1.5 + 5.2, v * 1.5 + 1.3, 4);
    const body = noise.clouds(u * 1.7 + wx * 2.4, v * 1.7 + wy * 2.4, 6);
    const dx = (u - aspect * 0.52) / aspect;
    const dy = v - 0.5;
    const tilt = dy + dx * 0.55;
    const band = Math.exp(-(tilt * tilt) / 0.075 - (dx * dx) / 0.22);
    gas.read(smooth(0.2, 0.78, body) * (0.25 + 0.85 * band), out);
    add(out, teal, smooth(0.45, 0.72, wy) * 0.32 * (1 - band * 0.7));
    const dust = smooth(0.5, 0.68, noise.crests(u * 1.3 + wy * 1.4, v * 1.3 + wx * 1.4, 5));
    scale(out, 1 - dust * 0.62 * band);
    blend(out, [1, 0.93, 0.85], 0.6 * Math.exp(-(tilt * tilt + dx * dx) / 0.004) * (0.4 + body));
  };
}
