import type { Site, Variant } from "../../../e2e/support/page-with-assets-stage.ts";
import { median } from "../../../support/median.ts";
import { figure, printTable, rounded, told } from "../figures.ts";
import { pause } from "../swarm-round.ts";
import { paintedFirst, TRACE_CATEGORIES, type Trace, workBeforePaint } from "./first-paint.ts";
import type { WholePageOptions } from "./options.ts";
import { HAS_WORKER, land } from "./visits.ts";

/** Between two loads, so that what the one leaves behind does not fall to the next, ms. */
const REST_MS = 300;

interface Kind {
  readonly name: "Plain" | "Marked" | "InPlace";
  readonly variant: Variant;
  readonly landed: boolean;
}

const PLAIN: Kind = { name: "Plain", variant: "plain", landed: false };
const KINDS: readonly Kind[] = [
  PLAIN,
  { name: "Marked", variant: "marked", landed: false },
  ...(HAS_WORKER ? [{ name: "InPlace", variant: "unmarked", landed: true } as const] : []),
];

interface Load {
  readonly paintMs: number;
  /** Processor time of the main thread, and the time by the clock that it was at work, before the first paint. */
  readonly cpuMs: number;
  readonly busyMs: number;
}

/** What Rivulet adds to the main thread's work before the first contentful paint, and to that paint's time. */
export async function mainThreadCase(
  site: Site,
  options: WholePageOptions,
): Promise<Record<string, unknown>> {
  const loads = new Map<string, Load[]>(KINDS.map(({ name }) => [name, []]));
  // The first of all has caches to fill that are nobody's.
  await load(site, PLAIN);
  for (let turn = 0; turn < options.loads; turn++) {
    const first = turn % KINDS.length;
    for (const kind of [...KINDS.slice(first), ...KINDS.slice(0, first)]) {
      loads.get(kind.name)?.push(await load(site, kind));
      await pause(REST_MS);
    }
  }
  const valuesOf = (name: string, field: keyof Load) => (loads.get(name) ?? []).map((one) => one[field]);
  printTable(
    ["Before the first contentful paint", "processor, ms", "busy, ms", "paint, ms"],
    KINDS.map(({ name }) => [
      name,
      told(valuesOf(name, "cpuMs")),
      told(valuesOf(name, "busyMs")),
      told(valuesOf(name, "paintMs")),
    ]),
  );
  const added = (name: string, field: keyof Load) =>
    rounded(median(valuesOf(name, field)) - median(valuesOf("Plain", field)));
  const figures = KINDS.map(({ name }) => ({
    ...figure(`mainThreadCpuMs${name}`, valuesOf(name, "cpuMs")),
    ...figure(`firstPaintMs${name}`, valuesOf(name, "paintMs")),
    ...(name === "Plain"
      ? {}
      : {
          [`mainThreadAddedMs${name}`]: added(name, "cpuMs"),
          [`mainThreadAddedBusyMs${name}`]: added(name, "busyMs"),
          ...figure(
            `firstPaintRatio${name}`,
            valuesOf(name, "paintMs").map((ms, turn) => ms / (valuesOf("Plain", "paintMs")[turn] ?? ms)),
          ),
        }),
  }));
  return Object.assign({ loads: options.loads }, ...figures);
}

async function load(site: Site, { variant, landed }: Kind): Promise<Load> {
  const visitor = await site.visitor();
  try {
    if (landed) await land(visitor);
    const { page } = await visitor.open(variant, (page) =>
      page.tracing.start({ categories: TRACE_CATEGORIES }),
    );
    const paintMs = await paintedFirst(page);
    const bytes = await page.tracing.stop();
    const trace: Trace = JSON.parse(new TextDecoder().decode(bytes));
    return { paintMs, ...workBeforePaint(trace, page.url()) };
  } finally {
    await visitor.close();
  }
}
