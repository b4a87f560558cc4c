import { add, blend, hex, Ramp, scale, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Rgb, Shader } from "../picture.ts";

/** Where `time`, 0 to 1, is on a circle that starts and ends at the origin: noise sampled along it moves in a loop. */
function circle(time: number): readonly [number, number] {
  return [1 - Math.cos(time * 2 * Math.PI), Math.sin(time * 2 * Math.PI)];
}

/** Curtains of northern light over a still lake that gives them back; they sway once while `time` goes from 0 to 1. */
export function aurora(noise: Noise, time = 0): Shader {
  const [swayX, swayY] = circle(time);
  const [rippleX, rippleY] = circle(time * 5);
  const sky = new Ramp([
    [0, "#050a1c"],
    [0.6, "#0c2038"],
    [1, "#1b4a5a"],
  ]);
  const green = hex("#3dffa8");
  const violet = hex("#a04bff");
  const shore = 0.68;
  const night = (u: number, v: number, out: Rgb): void => {
    sky.read(v / shore, out);
    for (let curtain = 0; curtain < 3; curtain++) {
      const fold = noise.clouds(u * 0.9 + curtain * 8.1 + swayX * 0.3, curtain * 3.3 + swayY * 0.3, 3);
      const foot = 0.3 + curtain * 0.09 + (fold - 0.5) * 0.62;
      const rise = foot - v;
      if (rise < -0.03) continue;
      const rays = noise.clouds(u * 15 + fold * 17 + swayX, v * 0.7 + curtain + swayY, 3);
      const glow = smooth(-0.03, 0.015, rise) * Math.exp(-Math.max(0, rise) * (4.6 + curtain));
      const strength = glow * (0.15 + 1.5 * rays * rays) * (0.85 - curtain * 0.16);
      const colour: Rgb = [...green];
      blend(colour, violet, smooth(0.04, 0.34, rise));
      add(out, colour, strength);
    }
  };
  const ridge = (u: number): number => shore - 0.015 - 0.16 * noise.crests(u * 1.5 + 4, 2.5, 6) ** 1.6;
  return (u, v, out) => {
    const water = v > shore;
    const wobble = water
      ? (noise.clouds(u * 5 + rippleX * 0.25, (v - shore) * 95 + rippleY * 0.4, 3) - 0.5) *
        0.035 *
        (v - shore + 0.12) *
        6
      : 0;
    const seen = water ? shore - (v - shore) * 1.15 + wobble : v;
    const at = u + wobble * 0.5;
    if (seen > ridge(at)) {
      const snow = noise.clouds(at * 22, seen * 30, 4);
      out[0] = 0.03 + snow * 0.05;
      out[1] = 0.07 + snow * 0.1;
      out[2] = 0.11 + snow * 0.11;
    } else night(at, seen, out);
    if (water) {
      scale(out, 0.72);
      blend(out, [0.02, 0.06, 0.1], smooth(shore, 1.05, v) * 0.6);
    } else if (seen > ridge(at)) blend(out, [0.16, 0.42, 0.42], 0.4 * smooth(0.05, 0, seen - ridge(at)));
    blend(out, [0.6, 0.95, 0.85], 0.16 * Math.exp(-Math.abs(v - shore) * 160));
  };
}
