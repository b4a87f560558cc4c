// Writes the demo clip's frames to standard output as raw RGB: a flight past mountain ridges, from night to dusk.
import { seededRandom } from "../../packages/sdk/src/base/random.ts";
import { hex, type Stops } from "../assets/colour.ts";
import { makeNoise } from "../assets/noise.ts";
import { Picture } from "../assets/picture.ts";
import { type RidgesLook, ridges } from "../assets/scenes/ridges.ts";
import { writeFrames } from "./write-frames.ts";

const SIZE = { width: 960, height: 540 };
const SECONDS = 36;

interface Hour {
  readonly sky: readonly [string, string, string];
  readonly near: string;
  readonly haze: string;
  readonly sun: string;
  /** Height of the sun, 0 at the top. */
  readonly sunV: number;
}

const DAY: readonly Hour[] = [
  { sky: ["#0a1230", "#1c2a55", "#42466f"], near: "#070b1a", haze: "#343a63", sun: "#8f86b8", sunV: 0.72 },
  { sky: ["#2f4478", "#9a93b0", "#ffcfa6"], near: "#171b34", haze: "#dfae9f", sun: "#ffcf98", sunV: 0.42 },
  { sky: ["#3f7fbd", "#8fbbd9", "#e9efe6"], near: "#123233", haze: "#c4d8dc", sun: "#fff3cf", sunV: 0.2 },
  { sky: ["#3d72ac", "#96b7cf", "#f3e6c9"], near: "#1c3335", haze: "#d3d6cb", sun: "#ffedbd", sunV: 0.24 },
  { sky: ["#36406f", "#b5768a", "#ffb07a"], near: "#231a2e", haze: "#dc947f", sun: "#ffb36b", sunV: 0.42 },
  { sky: ["#0d1434", "#2b2b5c", "#6d4a72"], near: "#0a0c1f", haze: "#4c3f68", sun: "#c07a86", sunV: 0.72 },
];

function between(a: string, b: string, amount: number): string {
  const from = hex(a);
  const to = hex(b);
  const parts = from.map((value, i) => Math.round((value + ((to[i] as number) - value) * amount) * 255));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function lookAt(time: number): RidgesLook {
  const hour = time * (DAY.length - 1);
  const a = DAY[Math.floor(hour)] as Hour;
  const b = DAY[Math.min(DAY.length - 1, Math.floor(hour) + 1)] as Hour;
  const amount = hour % 1;
  const positions = [0, 0.55, 1] as const;
  const sky: Stops = positions.map((at, i) => [at, between(a.sky[i] as string, b.sky[i] as string, amount)]);
  return {
    sky,
    near: between(a.near, b.near, amount),
    haze: between(a.haze, b.haze, amount),
    sun: {
      u: 0.4 + time,
      v: a.sunV + (b.sunV - a.sunV) * amount,
      radius: 0.045,
      colour: between(a.sun, b.sun, amount),
    },
    layers: 6,
    from: 0.5,
    to: 0.95,
    shift: time * 3.1,
  };
}

const noise = makeNoise(7);
const random = seededRandom(7);
await writeFrames(SECONDS, (time) =>
  new Picture(SIZE).paint(ridges(noise, SIZE.width / SIZE.height, lookAt(time))).toBytes(0.6, random),
);
