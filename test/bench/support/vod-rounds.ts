import type { BenchOptions } from "./bench-options.ts";
import type { Engine } from "./engines.ts";
import { type FilmSite, filmSite } from "./film-site.ts";
import { openMedia } from "./media-library.ts";
import type { MediaRecipe } from "./media-recipes.ts";
import { type Round, type RoundOptions, swarmRound } from "./swarm-round.ts";
import { tellRound } from "./told-round.ts";
import { openVideoStage } from "./video-stage.ts";

/** One case of the bench: which film, and how it is watched. */
export interface VodCase {
  /** What its rounds are called, after the engine. */
  readonly label: string;
  readonly recipe: MediaRecipe;
  readonly playlist: BenchOptions["playlist"];
  readonly watched: Omit<RoundOptions, "stage" | "film" | "engine">;
}

/** All runs of a case, the engines in turns; each engine's rounds in order. */
export async function vodRounds(
  options: BenchOptions,
  { label, recipe, playlist, watched }: VodCase,
): Promise<{ readonly site: FilmSite; readonly rounds: ReadonlyMap<Engine, readonly Round[]> }> {
  const { engines, runs, segments, verbose } = options;
  const site = await filmSite({ media: await openMedia(recipe), segments, playlist });
  const stage = await openVideoStage({ engines, files: site.files });
  const rounds = new Map<Engine, Round[]>(engines.map((engine) => [engine, []]));
  try {
    for (let run = 0; run < runs; run++)
      for (const [engine, list] of rounds) {
        const round = await swarmRound({ ...watched, stage, film: site, engine });
        list.push(round);
        tellRound({ label: `${engine} ${label}`, round, segments: site.segments, verbose });
      }
  } finally {
    await stage.close();
  }
  return { site, rounds };
}
