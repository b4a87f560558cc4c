// Wrong bytes and stalls when a peer flips bits, when one falls silent, and when the signaling server dies for 10 s.
import { benchOptions } from "./support/bench-options.ts";
import type { Engine } from "./support/engines.ts";
import { fieldName, figure, printTable, sum, told } from "./support/figures.ts";
import { filmSite } from "./support/film-site.ts";
import { openMedia } from "./support/media-library.ts";
import { film } from "./support/media-recipes.ts";
import { flippedBits, outage, type PoisonRound, silence } from "./support/poison-rounds.ts";
import { HOME_LINE, openVideoStage } from "./support/video-stage.ts";

const CASES = { bits: flippedBits, silence, outage } as const;

type Case = keyof typeof CASES;
const NAMES: readonly Case[] = ["bits", "silence", "outage"];
/** A minute of film: long enough to meet everything, and to come to its end. */
const SEGMENTS = 15;

interface Measured {
  readonly engine: Engine;
  readonly name: Case;
  readonly round: PoisonRound;
}

async function main(): Promise<void> {
  const options = benchOptions({ viewers: [], cases: NAMES });
  const { runs, container, playlist, segments = SEGMENTS } = options;
  // Without peers there is nothing to poison.
  const engines = options.engines.filter((engine) => engine !== "plain");
  const names = NAMES.filter((name) => options.only.length === 0 || options.only.includes(name));
  const site = await filmSite({ media: await openMedia(film(container)), segments, playlist });
  const stage = await openVideoStage({ engines, files: site.files });
  const measured: Measured[] = [];
  try {
    for (let run = 0; run < runs; run++)
      for (const name of names)
        for (const engine of engines) {
          const round = await CASES[name]({ stage, site, engine });
          measured.push({ engine, name, round });
          console.log(`${engine} ${name}: ${JSON.stringify(round)}`);
        }
  } finally {
    await stage.close();
  }
  const of = (engine: Engine, name: Case) =>
    measured.filter((one) => one.engine === engine && one.name === name).map(({ round }) => round);
  printTable(
    ["Trouble", "wrong, MB", "from peers, MB", "stalls", "stalled, s", "hung", "re-meshed, s"],
    names.flatMap((name) =>
      engines.map((engine) => {
        const rounds = of(engine, name);
        return [
          `${name}, ${engine}`,
          told(rounds.map(({ wrongBytes }) => wrongBytes / 1e6)),
          told(rounds.map(({ fromPeersBytes }) => fromPeersBytes / 1e6)),
          told(rounds.map(({ stalls }) => stalls)),
          told(rounds.map(({ stallMs }) => stallMs / 1000)),
          sum(rounds.map(({ hung }) => hung)),
          remeshOf(rounds),
        ];
      }),
    ),
  );
  const figures = engines.map((engine) => figuresOf(engine, names, of));
  console.log(
    JSON.stringify(Object.assign({ bench: "poison", runs, container, line: HOME_LINE }, ...figures)),
  );
}

/** Of wrong bytes, stalls and hung viewers all that there were: none is few enough. */
function figuresOf(
  engine: Engine,
  names: readonly Case[],
  of: (engine: Engine, name: Case) => readonly PoisonRound[],
): Record<string, unknown> {
  const all = names.flatMap((name) => of(engine, name));
  const rounds = of(engine, "outage");
  return {
    [fieldName(engine, "wrongBytes")]: sum(all.map((round) => round.wrongBytes)),
    [fieldName(engine, "stalls")]: sum(all.map((round) => round.stalls)),
    [fieldName(engine, "hung")]: sum(all.map((round) => round.hung)),
    ...figure(
      fieldName(engine, "remeshMs"),
      rounds.flatMap(({ remeshMs }) => remeshMs ?? []),
    ),
    [fieldName(engine, "neverRemeshed")]: rounds.filter(({ remeshMs }) => remeshMs === null).length,
  };
}

function remeshOf(rounds: readonly PoisonRound[]): string {
  const times = rounds.flatMap(({ remeshMs }) => remeshMs ?? []);
  return told(times.map((ms) => ms / 1000));
}

await main();
