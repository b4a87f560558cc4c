// Bytes that leave the origin when viewers leave early, ÷ those without peers: what was prefetched for nobody.
import { median } from "../support/median.ts";
import { benchOptions } from "./support/bench-options.ts";
import type { Engine } from "./support/engines.ts";
import { fieldName, figure, printTable, sum, told } from "./support/figures.ts";
import { type FilmSite, filmSite } from "./support/film-site.ts";
import { openMedia } from "./support/media-library.ts";
import { film } from "./support/media-recipes.ts";
import { pause } from "./support/swarm-round.ts";
import { HOME_LINE, openVideoStage, type VideoStage } from "./support/video-stage.ts";

/** When viewers leave, seconds after they came. */
const STAYS = ["10", "30", "60"];
/** Between two arrivals, ms. */
const STAGGER_MS = 1000;

interface Measured {
  readonly engine: Engine;
  readonly seconds: string;
  readonly bytes: number;
}

async function main(): Promise<void> {
  const options = benchOptions({ viewers: [3], cases: STAYS });
  const {
    runs,
    container,
    playlist,
    segments,
    engines,
    viewers: [viewers = 3],
  } = options;
  const site = await filmSite({ media: await openMedia(film(container)), segments, playlist });
  const stays = STAYS.filter((seconds) => options.only.length === 0 || options.only.includes(seconds));
  const stage = await openVideoStage({ engines, files: site.files });
  const measured: Measured[] = [];
  try {
    for (let run = 0; run < runs; run++)
      for (const seconds of stays)
        for (const engine of engines) {
          const bytes = await leavingRound({ stage, site, engine, viewers, stayMs: Number(seconds) * 1000 });
          measured.push({ engine, seconds, bytes });
          console.log(`${engine}, ${viewers} viewers for ${seconds} s: ${(bytes / 1e6).toFixed(2)} MB`);
        }
  } finally {
    await stage.close();
  }
  const bytesOf = (engine: Engine, seconds: string) =>
    measured.filter((one) => one.engine === engine && one.seconds === seconds).map(({ bytes }) => bytes);
  /** Run by run, against the same run of plain hls.js. */
  const ratiosOf = (engine: Engine, seconds: string) => {
    const plain = bytesOf("plain", seconds);
    return bytesOf(engine, seconds).flatMap((bytes, run) => (plain[run] ? [bytes / plain[run]] : []));
  };
  printTable(
    ["Leaving early", "MB from the origin", "÷ plain"],
    stays.flatMap((seconds) =>
      engines.map((engine) => [
        `after ${seconds} s, ${engine}`,
        told(bytesOf(engine, seconds).map((bytes) => bytes / 1e6)),
        told(ratiosOf(engine, seconds)),
      ]),
    ),
  );
  const figures = engines
    .filter((engine) => engine !== "plain")
    .map((engine) => {
      const each = stays.map((seconds) => ({ seconds, ratios: ratiosOf(engine, seconds) }));
      const worst = each.map(({ ratios }) => ratios).sort((a, b) => median(b) - median(a))[0] ?? [];
      return {
        ...figure(fieldName(engine, "originRatio"), worst),
        ...Object.assign(
          {},
          ...each.map(({ seconds, ratios }) => figure(fieldName(engine, `originRatio${seconds}`), ratios)),
        ),
      };
    });
  const plainBytes = stays.map((seconds) => [`plainBytes${seconds}`, median(bytesOf("plain", seconds))]);
  console.log(
    JSON.stringify(
      Object.assign(
        { bench: "abandon", runs, viewers, container, playlist, line: HOME_LINE },
        ...figures,
        Object.fromEntries(plainBytes),
      ),
    ),
  );
}

/** Everything of the film that leaves the origin, playlist and manifest included. */
async function leavingRound(given: {
  readonly stage: VideoStage;
  readonly site: FilmSite;
  readonly engine: Engine;
  readonly viewers: number;
  readonly stayMs: number;
}): Promise<number> {
  const { stage, site, engine, viewers, stayMs } = given;
  stage.origin.log.reset();
  const swarm = `leaving-${performance.now()}`;
  const { playlist, manifest } = site;
  await Promise.all(
    Array.from({ length: viewers }, async (_, index) => {
      await pause(index * STAGGER_MS);
      const leaveAt = performance.now() + stayMs;
      const viewer = await stage.open({ engine, playlist, manifest, swarm });
      await pause(leaveAt - performance.now());
      await viewer.close();
    }),
  );
  // What was cancelled with the pages is over by then.
  await pause(500);
  return sum([...site.files.keys()].map((path) => stage.origin.log.bytes(path)));
}

await main();
