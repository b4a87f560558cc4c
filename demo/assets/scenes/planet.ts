import { add, blend, clamp, hex, Ramp, scale, smooth } from "../colour.ts";
import type { Noise } from "../noise.ts";
import type { Rgb, Shader } from "../picture.ts";

/** Where the globe stands, in picture heights; stars stay behind it. */
export const PLANET = { u: 0.99, v: 0.44, radius: 0.27 };

/** A ringed gas giant rising behind the ridges of its moon. */
export function planet(noise: Noise): Shader {
  const sky = new Ramp([
    [0, "#080b1e"],
    [0.6, "#1d2850"],
    [1, "#715a86"],
  ]);
  const bands = new Ramp([
    [0, "#f2d9b4"],
    [0.25, "#d09a72"],
    [0.42, "#f5e3c6"],
    [0.6, "#b8745c"],
    [0.8, "#eccfa4"],
    [1, "#9c6654"],
  ]);
  const { radius } = PLANET;
  const tilt = -0.36;
  const ground = hex("#0d1122");
  const crest = hex("#7d6c9b");
  const ring = (du: number, dv: number, out: Rgb): void => {
    const x = du * Math.cos(tilt) - dv * Math.sin(tilt);
    const y = (du * Math.sin(tilt) + dv * Math.cos(tilt)) / 0.2;
    const far = Math.hypot(x, y) / radius;
    if (far < 1.3 || far > 2.25) return;
    const grooves = 0.35 + 0.65 * noise.clouds(far * 26, 0.5, 3);
    const gap = 1 - smooth(0.035, 0.015, Math.abs(far - 1.86));
    const edge = smooth(1.3, 1.36, far) * smooth(2.25, 2.16, far);
    // The globe's shadow falls across the ring on the side away from the light.
    const shadow = x > 0 && Math.abs(y * 0.2) < radius * 0.19 && y < 0 ? 0.3 : 1;
    blend(out, [0.93, 0.83, 0.7], edge * gap * grooves * 0.78 * shadow);
  };
  return (u, v, out) => {
    const du = u - PLANET.u;
    const dv = v - PLANET.v;
    sky.read(v / 0.85, out);
    add(out, [0.5, 0.36, 0.6], 0.2 * Math.max(0, noise.clouds(u * 1.4, v * 1.8, 5) - 0.42));
    const front = du * Math.sin(tilt) + dv * Math.cos(tilt) > 0;
    if (!front) ring(du, dv, out);
    const far = Math.hypot(du, dv) / radius;
    if (far < 1) {
      const across = du * Math.cos(tilt) - dv * Math.sin(tilt);
      const along = (du * Math.sin(tilt) + dv * Math.cos(tilt)) / radius;
      const storm = noise.clouds(across * 5 + along, along * 9, 4) - 0.5;
      const belt = clamp(along * 0.5 + 0.5 + storm * 0.09) * 2.6;
      const base: Rgb = [0, 0, 0];
      bands.read(belt - Math.floor(belt), base);
      const height = Math.sqrt(1 - far * far);
      const light = clamp((-du / radius) * 0.72 - (dv / radius) * 0.42 + height * 0.52);
      scale(base, 0.035 + light * 1.05);
      blend(out, base, smooth(1, 0.99, far));
    }
    add(out, [0.95, 0.66, 0.48], 0.3 * Math.exp(-Math.abs(far - 1) * 16) * smooth(0.3, -0.4, du / radius));
    if (front) ring(du, dv, out);
    for (let layer = 0; layer < 3; layer++) {
      const top =
        0.8 + layer * 0.07 - 0.13 * noise.crests(u * (1.3 + layer * 0.5) + layer * 7, layer * 3.1, 6);
      if (v < top) continue;
      const below = v - top;
      out[0] = ground[0];
      out[1] = ground[1];
      out[2] = ground[2];
      const rock = noise.clouds(u * 18, v * 24 + layer * 9, 5);
      blend(out, crest, (0.5 - layer * 0.14) * (0.25 + rock * 0.8) * smooth(0.2, 0, below));
    }
  };
}
