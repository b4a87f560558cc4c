import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom } from "../../packages/sdk/src/base/random.ts";
import { makeNoise } from "./noise.ts";
import { Picture, type Size } from "./picture.ts";
import { encodePng } from "./png.ts";
import { aurora } from "./scenes/aurora.ts";
import { DAWN, SCENES, type Scene, scatterStars } from "./scenes/index.ts";
import { PLANET, planet } from "./scenes/planet.ts";
import { ridges } from "./scenes/ridges.ts";
import { sea } from "./scenes/sea.ts";
import { terrainStl } from "./terrain.ts";

/** Change it whenever a scene changes: an older set is then made again. */
const EDITION = "4";
const SEED = 2024;
const SIZE = { width: 1600, height: 1000 };
/** Levels of 255. Enough to hide banding, and what gives each PNG its weight of about 2 MB. */
const GRAIN = 2.6;

/** Light ones of their own: the start page should not fetch two megabytes for a card. */
const COVER_SIZE = { width: 640, height: 360 };
const COVERS: readonly Scene[] = [
  { name: "gallery", shader: sea, grain: 0.6 },
  { name: "video", shader: (noise, aspect) => ridges(noise, aspect, DAWN), grain: 0.6 },
  { name: "live", shader: (noise) => aurora(noise), stars: { count: 200, downTo: 0.46 }, grain: 0.6 },
  { name: "share", shader: planet, stars: { count: 260, downTo: 0.7, behind: PLANET }, grain: 0.6 },
];

export interface GenerateProgress {
  readonly name: string;
  readonly done: number;
  readonly of: number;
}

/**
 * Makes the gallery's files in `dir`/gallery and the start page's covers in `dir`/covers, unless this edition of them
 * is already there. Takes a few seconds, once.
 */
export async function ensureGenerated(
  dir: string,
  onProgress?: (progress: GenerateProgress) => void,
): Promise<void> {
  const stamp = join(dir, "edition");
  const made = await readFile(stamp, "utf8").catch(() => "");
  if (made === EDITION) return;
  const gallery = join(dir, "gallery");
  const covers = join(dir, "covers");
  await rm(dir, { recursive: true, force: true });
  await mkdir(gallery, { recursive: true });
  await mkdir(covers);
  const of = SCENES.length + 2;
  for (const [index, scene] of SCENES.entries()) {
    onProgress?.({ name: `${scene.name}.png`, done: index, of });
    await writeFile(join(gallery, `${scene.name}.png`), drawScene(scene, SIZE, SEED + index));
  }
  onProgress?.({ name: "terrain.stl", done: SCENES.length, of });
  await writeFile(join(gallery, "terrain.stl"), terrainStl(SEED + SCENES.length));
  onProgress?.({ name: "covers", done: SCENES.length + 1, of });
  for (const [index, scene] of COVERS.entries()) {
    await writeFile(join(covers, `${scene.name}.png`), drawScene(scene, COVER_SIZE, SEED + index));
  }
  // Last: a run that was interrupted starts over.
  await writeFile(stamp, EDITION);
}

function drawScene(scene: Scene, size: Size, seed: number): Buffer {
  const random = seededRandom(seed);
  const picture = new Picture(size).paint(scene.shader(makeNoise(seed), size.width / size.height));
  if (scene.stars) scatterStars(picture, scene.stars, random);
  return encodePng(size, picture.toBytes(scene.grain ?? GRAIN, random));
}
