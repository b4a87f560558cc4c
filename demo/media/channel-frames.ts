// Writes the frames of the live channel's loop to standard output as raw RGB: northern lights that end as they began.
import { seededRandom } from "../../packages/sdk/src/base/random.ts";
import { makeNoise } from "../assets/noise.ts";
import { Picture } from "../assets/picture.ts";
import { aurora } from "../assets/scenes/aurora.ts";
import { scatterStars } from "../assets/scenes/index.ts";
import { writeFrames } from "./write-frames.ts";

const SIZE = { width: 480, height: 270 };
const SECONDS = 20;
const SEED = 2026;

const noise = makeNoise(SEED);
const grain = seededRandom(SEED);
await writeFrames(SECONDS, (time) => {
  const picture = new Picture(SIZE).paint(aurora(noise, time));
  // The same stars in every frame.
  scatterStars(picture, { count: 220, downTo: 0.46 }, seededRandom(SEED));
  return picture.toBytes(0.5, grain);
});
