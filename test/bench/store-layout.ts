// How pieces lie in IndexedDB: writing and reading a page's 100 assets in seven layouts, and opening 10,000 pieces.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "puppeteer-core";
import { seededRandom } from "#sdk/base/random.ts";
import { launchChromium } from "../support/chromium.ts";
import { startTestOrigin } from "../support/test-origin.ts";
import { figure, printTable, sum, told } from "./support/figures.ts";
import type { LayoutFigures, StoreLayoutPage } from "./support/page/store-layout.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const ASSETS = 100;
const SMALLEST_BYTES = 1_000;
const LARGEST_BYTES = 5_000_000;
const INDEXED_PIECES = 10_000;
/** The first is today's, to which the others are compared. */
const NAMES = ["piece", "batches", "batchesTogether", "inline", "resource", "groups", "blobs"] as const;

async function main(): Promise<void> {
  const sizes = assetSizes();
  const origin = await startTestOrigin({ files: await pageFiles() });
  const chromium = await launchChromium();
  try {
    const page = await chromium.browser.newPage();
    await page.goto(`${origin.url}/store-layout.html`);
    const pieces = await call(page, "make", sizes);
    console.log(`${ASSETS} assets, ${sum(sizes)} bytes, ${pieces} pieces`);
    const rounds: Record<(typeof NAMES)[number], LayoutFigures>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const figures = new Map<string, LayoutFigures>();
      // Another one begins each time: what the disk still has to do for one is in the next one's way.
      const first = round % NAMES.length;
      for (const name of [...NAMES.slice(first), ...NAMES.slice(0, first)]) {
        const one = await call(page, "round", name);
        figures.set(name, one);
        console.log(
          `round ${round + 1}, ${name}: write ${one.writeMs.toFixed()}, read ${one.readMs.toFixed()}, singles ${one.singlesMs.toFixed()} ms`,
        );
      }
      rounds.push(Object.fromEntries(figures) as Record<(typeof NAMES)[number], LayoutFigures>);
    }
    const openMs = await call(page, "open", INDEXED_PIECES, ROUNDS);
    report({ rounds, openMs, bytes: sum(sizes), pieces });
  } finally {
    await chromium.close();
    await origin.close();
  }
}

/** Log-uniform, and the same each time. */
function assetSizes(): number[] {
  const random = seededRandom(1);
  const ratio = LARGEST_BYTES / SMALLEST_BYTES;
  // One of each hundredth, so that a few large ones more or less do not decide how much it is.
  return Array.from({ length: ASSETS }, (_, n) =>
    Math.round(SMALLEST_BYTES * ratio ** ((n + random.next()) / ASSETS)),
  );
}

async function pageFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./support/page/store-layout.ts", import.meta.url))],
    conditions: ["rivulet-source"],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const html = '<!doctype html><title>Store</title><script type="module" src="store-layout.js"></script>';
  return new Map([
    ["/store-layout.html", new TextEncoder().encode(html)],
    ["/store-layout.js", outputFiles[0]?.contents ?? new Uint8Array()],
  ]);
}

function call<Name extends keyof StoreLayoutPage>(
  page: Page,
  name: Name,
  ...args: Parameters<StoreLayoutPage[Name]>
): Promise<Awaited<ReturnType<StoreLayoutPage[Name]>>> {
  const run = (name: string, args: unknown[]) => Reflect.get(globalThis, "storeLayout")[name](...args);
  return page.evaluate(run, name, args);
}

function report(measured: {
  readonly rounds: readonly Record<(typeof NAMES)[number], LayoutFigures>[];
  readonly openMs: readonly number[];
  readonly bytes: number;
  readonly pieces: number;
}): void {
  const { rounds, openMs, bytes, pieces } = measured;
  const values = (name: (typeof NAMES)[number], what: keyof LayoutFigures) =>
    rounds.map((one) => one[name][what]);
  /** How many times as fast as today's, round by round. */
  const gains = (name: (typeof NAMES)[number], what: keyof LayoutFigures) =>
    rounds.map((one) => one.piece[what] / one[name][what]);
  printTable(
    ["layout", "write, ms", "× today's", "read, ms", "× today's", "single, ms", "× today's"],
    NAMES.map((name) => [
      name,
      told(values(name, "writeMs")),
      told(gains(name, "writeMs")),
      told(values(name, "readMs")),
      told(gains(name, "readMs")),
      told(values(name, "singlesMs")),
      told(gains(name, "singlesMs")),
    ]),
  );
  const figures = NAMES.map((name) => ({
    ...figure(`${name}WriteMs`, values(name, "writeMs")),
    ...figure(`${name}ReadMs`, values(name, "readMs")),
    ...figure(`${name}SinglesMs`, values(name, "singlesMs")),
    ...(name === "piece" ? {} : figure(`${name}WriteGain`, gains(name, "writeMs"))),
    ...(name === "piece" ? {} : figure(`${name}ReadGain`, gains(name, "readMs"))),
    ...(name === "piece" ? {} : figure(`${name}SinglesGain`, gains(name, "singlesMs"))),
  }));
  const about = { bench: "store-layout", rounds: ROUNDS, assets: ASSETS, bytes, pieces };
  console.log(JSON.stringify(Object.assign(about, ...figures, figure("openMs10000", openMs))));
}

await main();
