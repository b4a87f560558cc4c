// Copies of a 16 MB file that a seeder sends when 4 and when 8 pages want it at once, without an origin.
import { openStage, type Stage, type Viewer } from "../e2e/support/stage.ts";
import { fetchAll, stats } from "../e2e/support/visit.ts";
import { median } from "../support/median.ts";
import { CROWD_PAGE, visit } from "./support/crowd-page.ts";

const FILE = "film.bin";
const SIZE = 16 * 1000 * 1000;
const ROUNDS = Number(process.argv[2] ?? 5);
const CROWDS = [1, 4, 8] as const;

/** One crowd's visit: what left the seeder, and how long each page took. */
interface Round {
  readonly seederCopies: number;
  readonly elapsedMs: readonly number[];
  readonly refusals: number;
}

async function main(): Promise<void> {
  const stage = await openStage({ sizes: { [FILE]: SIZE } });
  try {
    stage.origin.files.set("/crowd.html", new TextEncoder().encode(CROWD_PAGE));
    const seeder = await stage.open("/bench.html");
    await fetchAll(seeder, [FILE]);
    stage.origin.faults.set(`/assets/${FILE}`, { status: 503 });
    const before = stage.originBytes();
    const rounds = CROWDS.map((size) => ({ size, rounds: [] as Round[] }));
    // Taken in turns, so that whatever else the machine does befalls all alike.
    for (let turn = 0; turn < ROUNDS; turn++)
      for (const crowd of rounds) crowd.rounds.push(await crowdRound(stage, seeder, crowd.size));
    const originBytes = stage.originBytes() - before;
    if (originBytes > 0) throw new Error(`The origin sent ${originBytes} bytes.`);
    const aloneMs = median(rounds[0]?.rounds.flatMap(({ elapsedMs }) => elapsedMs) ?? []);
    const figures = rounds.flatMap(({ size, rounds }) => [
      [`seederCopies${size}`, rounded(median(rounds.map(({ seederCopies }) => seederCopies)))],
      [`seederCopies${size}Range`, range(rounds.map(({ seederCopies }) => seederCopies))],
      [`refusals${size}`, rounds.reduce((sum, { refusals }) => sum + refusals, 0)],
      // First to last page, each the median of the rounds.
      [`times${size}`, inOrder(rounds.map(({ elapsedMs }) => elapsedMs)).map((ms) => rounded(ms / aloneMs))],
    ]);
    const all = { bench: "flash-crowd", bytes: SIZE, rounds: ROUNDS, originBytes, aloneMs: rounded(aloneMs) };
    console.log(JSON.stringify({ ...all, ...Object.fromEntries(figures) }));
  } finally {
    await stage.close();
  }
}

async function crowdRound(stage: Stage, seeder: Viewer, size: number): Promise<Round> {
  const viewers: Viewer[] = [];
  for (let i = 0; i < size; i++) viewers.push(await stage.open("/crowd.html"));
  const before = await stats(seeder);
  const visits = await Promise.all(
    viewers.map((viewer) => visit(viewer, stage.signalUrl, `/assets/${FILE}`)),
  );
  // What was taken back too late still comes in: the seeder has counted it.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const sent = (await stats(seeder)).uploadedBytes - before.uploadedBytes;
  const said = await Promise.all(viewers.map(stats));
  for (const viewer of viewers) await viewer.close();
  const received = said.flatMap(({ peers }) => peers).filter(({ peer }) => peer === before.peer);
  checkSent(
    sent,
    received.reduce((sum, { downloadedBytes }) => sum + downloadedBytes, 0),
  );
  for (const { sha256 } of visits)
    if (sha256 !== stage.hashes.get(FILE)) throw new Error("A page has wrong bytes.");
  const elapsedMs = visits.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);
  const seederCopies = sent / SIZE;
  const times = elapsedMs.map((ms) => (ms / 1000).toFixed(1)).join(" ");
  const refusals = visits.reduce((sum, visit) => sum + visit.refusals, 0);
  const links = said.map(({ peers }) => peers.length).join(" ");
  console.log(
    `${size} at once: seeder copies ${seederCopies.toFixed(2)}, seconds ${times}, connections ${links}, refusals ${refusals}`,
  );
  return { seederCopies, elapsedMs, refusals };
}

/** What the seeder says it sent is what the others say they received from it, but for a connection that ended early. */
function checkSent(sent: number, received: number): void {
  if (received > sent || received < 0.95 * sent)
    throw new Error(`The seeder says it sent ${sent} bytes, the pages that they received ${received}.`);
}

/** Of lists of the same length, each in rising order: the median of the first items, of the second, and so on. */
function inOrder(lists: readonly (readonly number[])[]): number[] {
  return (lists[0] ?? []).map((_, at) => median(lists.map((list) => list[at] ?? 0)));
}

function range(values: readonly number[]): readonly [number, number] {
  return [rounded(Math.min(...values)), rounded(Math.max(...values))];
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

await main();
