import type { Random } from "../../../packages/sdk/src/base/random.ts";
import type { Noise } from "../noise.ts";
import type { Picture, Shader } from "../picture.ts";
import { aurora } from "./aurora.ts";
import { canyon } from "./canyon.ts";
import { dunes } from "./dunes.ts";
import { nebula } from "./nebula.ts";
import { PLANET, planet } from "./planet.ts";
import { type RidgesLook, ridges } from "./ridges.ts";
import { sea } from "./sea.ts";

/** One picture of the gallery. */
export interface Scene {
  /** The file's name without its ending. */
  readonly name: string;
  /** Strength of the film grain when it is not the gallery's. */
  readonly grain?: number;
  readonly shader: (noise: Noise, aspect: number) => Shader;
  /** How many stars are scattered over the sky, and down to which height (0 top, 1 bottom). */
  readonly stars?: {
    readonly count: number;
    readonly downTo: number;
    /** A globe in front of them. */
    readonly behind?: { readonly u: number; readonly v: number; readonly radius: number };
  };
}

export const DAWN: RidgesLook = {
  sky: [
    [0, "#37517e"],
    [0.4, "#93a3be"],
    [0.7, "#f4c9a8"],
    [1, "#ffe7c2"],
  ],
  near: "#141c33",
  haze: "#e9b9a6",
  sun: { u: 0.95, v: 0.4, radius: 0.045, colour: "#ffd9a3" },
  layers: 7,
  from: 0.5,
  to: 0.97,
};

const FOREST: RidgesLook = {
  sky: [
    [0, "#a9c4c4"],
    [0.5, "#d6e2d8"],
    [1, "#f0f0df"],
  ],
  near: "#0c2420",
  haze: "#d9e5da",
  sun: { u: 0.42, v: 0.26, radius: 0.05, colour: "#fff6d8" },
  layers: 8,
  from: 0.44,
  to: 0.98,
  trees: true,
};

export const SCENES: readonly Scene[] = [
  { name: "alpine-dawn", shader: (noise, aspect) => ridges(noise, aspect, DAWN) },
  { name: "dunes", shader: dunes },
  { name: "aurora", shader: (noise) => aurora(noise), stars: { count: 420, downTo: 0.46 } },
  { name: "evening-sea", shader: sea },
  { name: "nebula", shader: nebula, stars: { count: 1500, downTo: 1 } },
  { name: "fir-valley", shader: (noise, aspect) => ridges(noise, aspect, FOREST) },
  { name: "canyon", shader: canyon },
  { name: "ringed-planet", shader: planet, stars: { count: 700, downTo: 0.7, behind: PLANET } },
];

/** Many faint stars, few bright ones; brightness falls off as it does in the sky. */
export function scatterStars(picture: Picture, stars: NonNullable<Scene["stars"]>, random: Random): void {
  const aspect = picture.width / picture.height;
  for (let i = 0; i < stars.count; i++) {
    const u = random.next() * aspect;
    const v = random.next() * stars.downTo;
    if (stars.behind && Math.hypot(u - stars.behind.u, v - stars.behind.v) < stars.behind.radius) continue;
    const brightness = 0.12 + random.next() ** 9 * 1.5;
    const warmth = random.next();
    const light = brightness * (1 - 0.6 * (v / stars.downTo));
    picture.glow(u, v, 0.0016 + brightness * 0.0042, [
      light * (0.75 + 0.25 * warmth),
      light * 0.86,
      light * (1 - 0.25 * warmth),
    ]);
  }
}
