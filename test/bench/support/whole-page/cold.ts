import type { Site, Variant } from "../../../e2e/support/page-with-assets-stage.ts";
import { median } from "../../../support/median.ts";
import { figure, printTable, rounded, sum, told } from "../figures.ts";
import { pause } from "../swarm-round.ts";
import type { WholePageOptions } from "./options.ts";
import { type Crowd, HAS_WORKER, newCrowd, visitAll, wrongAssets } from "./visits.ts";

interface FirstVisit {
  /** In the fields' names. */
  readonly name: "Plain" | "Marked" | "Unmarked" | "InPlace";
  readonly variant: Variant;
  readonly landed: boolean;
}

const PLAIN: FirstVisit = { name: "Plain", variant: "plain", landed: false };
const FIRST_VISITS: readonly FirstVisit[] = [
  { name: "Marked", variant: "marked", landed: false },
  { name: "Unmarked", variant: "unmarked", landed: false },
  ...(HAS_WORKER ? [{ name: "InPlace", variant: "unmarked", landed: true } as const] : []),
];

interface Arrival {
  readonly name: "Together" | "Apart";
  readonly staggerMs: number;
}

const ARRIVALS: readonly Arrival[] = [
  { name: "Together", staggerMs: 0 },
  { name: "Apart", staggerMs: 3000 },
];

/** What one crowd's visits came to. */
interface Outcome {
  readonly key: string;
  /** Until complete, ms, in the order of arrival. */
  readonly times: readonly number[];
  readonly copies: number;
  /** Paths of the assets that some page never got, as often as there are such pages. */
  readonly failed: readonly string[];
  /** Assets with other bytes than the origin's; null where no page could tell. */
  readonly wrong: number | null;
  /** The same viewers' next visit; of those with the worker in place and of plain ones, who came together. */
  readonly again: Again | undefined;
}

interface Again {
  readonly times: readonly number[];
  readonly originBytes: number;
  readonly originRequests: number;
}

/** An outcome, and the times of the plain viewers of the same run who arrived the same way. */
interface Compared {
  readonly outcome: Outcome;
  readonly plainTimes: readonly number[];
}

/** Everybody is new: what leaves the origin, how long the page takes ÷ plain visits; then the same viewers come again. */
export async function coldCase(site: Site, options: WholePageOptions): Promise<Record<string, unknown>> {
  const compared: Compared[] = [];
  for (let run = 0; run < options.runs; run++)
    for (const arrival of ARRIVALS) {
      // Whatever else the machine does must not always befall the same side.
      const order = run % 2 === 0 ? [PLAIN, ...FIRST_VISITS] : [...FIRST_VISITS, PLAIN];
      const outcomes: Outcome[] = [];
      for (const visit of order) {
        const outcome = await measure({ site, visit, arrival, viewers: options.viewers });
        console.log(`run ${run + 1}, ${describe(outcome)}`);
        outcomes.push(outcome);
      }
      const plainTimes = outcomes.find(({ key }) => key === arrival.name + PLAIN.name)?.times ?? [];
      compared.push(...outcomes.map((outcome) => ({ outcome, plainTimes })));
    }
  return figuresOf(compared);
}

async function measure(given: {
  readonly site: Site;
  readonly visit: FirstVisit;
  readonly arrival: Arrival;
  readonly viewers: number;
}): Promise<Outcome> {
  const { site, visit, arrival, viewers } = given;
  const crowd = await newCrowd({ site, ...visit, viewers, staggerMs: arrival.staggerMs });
  try {
    const returns = arrival.staggerMs === 0 && (visit === PLAIN || visit.landed);
    const next = returns ? await comeAgain(site, visit, crowd) : undefined;
    // Last: what is hashed is fetched for it, and would be stored for the next visit.
    const wrong: number[] = [];
    for (const one of (next ?? crowd).visits) {
      const found = visit === PLAIN ? null : await wrongAssets(site, one);
      if (found !== null) wrong.push(found);
    }
    return {
      key: arrival.name + visit.name,
      times: timesOf(crowd),
      copies: crowd.copies,
      failed: crowd.visits.flatMap(({ completion }) => completion.failed),
      wrong: wrong.length > 0 ? sum(wrong) : null,
      again: next,
    };
  } finally {
    await crowd.close();
  }
}

/** So long everybody looks at the complete page before leaving, ms. */
const LOOK_MS = 5000;

/** All pages are closed before the first opens again: nobody is left to ask but the browser's own store. */
async function comeAgain(site: Site, { variant }: FirstVisit, { visits }: Crowd): Promise<Again & Crowd> {
  await pause(LOOK_MS);
  for (const { page } of visits) await page.close();
  const visitors = visits.map(({ visitor }) => visitor);
  const crowd = await visitAll({ site, variant, visitors, staggerMs: 0 });
  return {
    ...crowd,
    times: timesOf(crowd),
    originBytes: site.assetBytes(),
    originRequests: site.assetRequests(),
  };
}

function timesOf({ visits }: Crowd): number[] {
  return visits.map(({ completion }) => completion.completeMs);
}

function describe({ key, times, copies, failed, again }: Outcome): string {
  const seconds = (list: readonly number[]) => `${list.map((ms) => (ms / 1000).toFixed(1)).join(" ")} s`;
  const next = again
    ? `; again ${seconds(again.times)}, ${(again.originBytes / 1e6).toFixed(2)} MB in ${again.originRequests} requests`
    : "";
  const lost = failed.length > 0 ? `; failed: ${[...new Set(failed)].join(" ")}` : "";
  return `${key}: ${seconds(times)}, ${copies.toFixed(2)} copies${next}${lost}`;
}

/** The viewers' ratios to those who came in the same turn. */
function ratios(times: readonly number[], plain: readonly number[]): number[] {
  return times.map((ms, turn) => ms / (plain[turn] ?? Number.NaN));
}

function figuresOf(compared: readonly Compared[]): Record<string, unknown> {
  const rows: (string | number)[][] = [];
  const figures: Record<string, unknown> = {};
  for (const key of new Set(compared.map(({ outcome }) => outcome.key))) {
    const list = compared.filter(({ outcome }) => outcome.key === key);
    const copies = list.map(({ outcome }) => outcome.copies);
    const pages = list.map(({ outcome, plainTimes }) => median(ratios(outcome.times, plainTimes)));
    const slowest = list.map(({ outcome, plainTimes }) => Math.max(...ratios(outcome.times, plainTimes)));
    const failed = sum(list.map(({ outcome }) => outcome.failed.length));
    const hashed = list.flatMap(({ outcome }) => (outcome.wrong === null ? [] : [outcome.wrong]));
    const wrong = hashed.length > 0 ? sum(hashed) : null;
    rows.push([key, told(copies), told(pages), told(slowest), failed, wrong ?? "–"]);
    Object.assign(figures, figure(`copies${key}`, copies), { [`failed${key}`]: failed });
    if (key.endsWith(PLAIN.name))
      figures[`pageMs${key}`] = rounded(median(list.flatMap(({ outcome }) => outcome.times)));
    else
      Object.assign(figures, figure(`pageRatio${key}`, pages), figure(`slowestRatio${key}`, slowest), {
        [`wrong${key}`]: wrong,
      });
    const next = list.flatMap(({ outcome: { again }, plainTimes }) => (again ? [{ again, plainTimes }] : []));
    const name = key.endsWith(PLAIN.name) ? "warmPlain" : "warm";
    Object.assign(
      figures,
      figure(
        `${name}Bytes`,
        next.map(({ again }) => again.originBytes),
      ),
      figure(
        `${name}Requests`,
        next.map(({ again }) => again.originRequests),
      ),
      figure(
        `${name}Ratio`,
        next.map(({ again, plainTimes }) => median(ratios(again.times, plainTimes))),
      ),
    );
  }
  printTable(["First visits", "copies", "page ÷ plain", "slowest ÷ plain", "failed", "wrong"], rows);
  return figures;
}
