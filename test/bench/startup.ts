// Time from navigation to the first frame, alone and into a swarm, ÷ that of plain hls.js.
import { median } from "../support/median.ts";
import { benchOptions } from "./support/bench-options.ts";
import type { Engine } from "./support/engines.ts";
import { fieldName, figure, printTable, rounded, sum, told } from "./support/figures.ts";
import { type FilmSite, filmSite } from "./support/film-site.ts";
import { openMedia } from "./support/media-library.ts";
import { film } from "./support/media-recipes.ts";
import { pause } from "./support/swarm-round.ts";
import { HOME_LINE, openVideoStage, type VideoStage } from "./support/video-stage.ts";
import type { VideoViewer } from "./support/video-viewer.ts";

type Case = "alone" | "joining";
const CASES: readonly Case[] = ["alone", "joining"];
/** A start takes a second or two and varies much: each run is several of them. */
const STARTS_A_RUN = 4;
/** Who watches already when a viewer joins. */
const SWARM = 2;
const START_WITHIN_MS = 30_000;

interface Measured {
  readonly engine: Engine;
  readonly name: Case;
  readonly turn: number;
  /** Null when it never came. */
  readonly firstFrameMs: number | null;
}

async function main(): Promise<void> {
  const options = benchOptions({ viewers: [], cases: CASES });
  const { runs, container, playlist, segments, engines } = options;
  const site = await filmSite({ media: await openMedia(film(container)), segments, playlist });
  const names = CASES.filter((name) => options.only.length === 0 || options.only.includes(name));
  const measured: Measured[] = [];
  const stage = await openVideoStage({ engines, files: site.files });
  try {
    for (const name of names)
      await measure({ stage, site, engines, name, turns: runs * STARTS_A_RUN, measured });
  } finally {
    await stage.close();
  }
  const of = (engine: Engine, name: Case) =>
    measured.filter((one) => one.engine === engine && one.name === name);
  /** Turn by turn, against plain hls.js's start just before or after. */
  const ratiosOf = (engine: Engine, name: Case) =>
    of(engine, name).flatMap(({ turn, firstFrameMs }) => {
      const plain = of("plain", name).find((one) => one.turn === turn)?.firstFrameMs;
      return plain && firstFrameMs ? [firstFrameMs / plain] : [];
    });
  const timesOf = (engine: Engine, name: Case) =>
    of(engine, name).flatMap(({ firstFrameMs }) => (firstFrameMs === null ? [] : [firstFrameMs]));
  printTable(
    ["Start", "first frame, s", "÷ plain", "never"],
    names.flatMap((name) =>
      engines.map((engine) => [
        `${name}, ${engine}`,
        told(timesOf(engine, name).map((ms) => ms / 1000)),
        told(ratiosOf(engine, name)),
        of(engine, name).length - timesOf(engine, name).length,
      ]),
    ),
  );
  const figures = engines.map((engine) => {
    const times = names.map((name) =>
      figure(fieldName(engine, `${name}FirstFrameMs`), timesOf(engine, name)),
    );
    const never = sum(names.map((name) => of(engine, name).length - timesOf(engine, name).length));
    if (engine === "plain") return Object.assign({}, ...times);
    const ratios = names.map((name) => ({ name, values: ratiosOf(engine, name) }));
    const worst = Math.max(...ratios.map(({ values }) => median(values)));
    return Object.assign(
      { [fieldName(engine, "firstFrameRatio")]: rounded(worst), [fieldName(engine, "neverStarted")]: never },
      ...ratios.map(({ name, values }) => figure(fieldName(engine, `${name}FirstFrameRatio`), values)),
      ...times,
    );
  });
  console.log(
    JSON.stringify(
      Object.assign(
        { bench: "startup", runs, startsARun: STARTS_A_RUN, container, playlist, line: HOME_LINE },
        ...figures,
      ),
    ),
  );
}

async function measure(given: {
  readonly stage: VideoStage;
  readonly site: FilmSite;
  readonly engines: readonly Engine[];
  readonly name: Case;
  readonly turns: number;
  readonly measured: Measured[];
}): Promise<void> {
  const { stage, site, engines, name, turns, measured } = given;
  const { playlist, manifest } = site;
  const present: VideoViewer[] = [];
  const open = (engine: Engine, swarm: string) => stage.open({ engine, playlist, manifest, swarm });
  try {
    if (name === "joining") {
      // All engines' viewers at once: the machine is then as busy for each of those who join.
      for (const engine of engines)
        for (let i = 0; i < SWARM; i++) present.push(await open(engine, "joining"));
      for (const viewer of present)
        await viewer.until(({ firstFrameMs }) => firstFrameMs !== null, START_WITHIN_MS);
      await pause(5000);
    }
    for (let turn = 0; turn < turns; turn++) {
      const first = turn % engines.length;
      for (const engine of [...engines.slice(first), ...engines.slice(0, first)]) {
        const viewer = await open(engine, name === "joining" ? name : `alone-${turn}`);
        const wished = ({ firstFrameMs }: { readonly firstFrameMs: number | null }) => firstFrameMs !== null;
        const { report } = await viewer.until(wished, START_WITHIN_MS);
        await viewer.close();
        measured.push({ engine, name, turn, firstFrameMs: report.firstFrameMs });
        console.log(`${engine} ${name}: ${report.firstFrameMs?.toFixed(0) ?? "never"} ms`);
        // A page that goes keeps the browser busy for a while.
        await pause(500);
      }
    }
  } finally {
    for (const viewer of present) await viewer.close().catch(() => undefined);
  }
}

await main();
