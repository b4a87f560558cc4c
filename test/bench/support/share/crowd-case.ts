import type { Page } from "puppeteer-core";
import type { SharePage, ShareStage } from "../../../e2e/support/share-stage.ts";
import { serveWebTorrent } from "../../../e2e/support/torrent-page.ts";
import { watchedPage } from "../../../e2e/support/watched-page.ts";
import { median } from "../../../support/median.ts";
import { figure, rounded } from "../figures.ts";
import { arrived, openLink } from "./arrival.ts";
import { pause } from "./bench-page.ts";
import { makeUp, shareMade, untilHashed, uploadedBytes } from "./made-up-files.ts";
import type { ShareBenchOptions } from "./options.ts";
import { checkContent } from "./same-content.ts";
import { openMagnet, seedMade, torrentDownloaded, torrentMs, torrentUploaded } from "./torrent-crowd.ts";

const WITHIN_SECONDS = 300;
/** What was taken back too late still comes in: the sender has counted it. */
const SETTLE_MS = 500;

/** What left the first who had it, and how long the slowest of the others took, ms. */
interface CrowdRound {
  readonly copies: number;
  readonly slowestMs: number;
  /** Receivers that did not get everything in time. */
  readonly unfinished: number;
}

interface CrowdGiven {
  readonly stage: ShareStage;
  readonly size: number;
  readonly bytes: number;
  readonly torrentWithinMs: number;
}

/** One who has a file, and several who want it in the same moment: a share, and WebTorrent, in turns. */
export async function crowdCase(
  stage: ShareStage,
  { rounds, crowds, sizes, torrentWithinMs }: ShareBenchOptions,
): Promise<Record<string, unknown>> {
  serveWebTorrent(stage.origin);
  const figures: Record<string, unknown> = { crowdBytes: sizes.crowdBytes };
  for (const size of crowds) {
    const given = { stage, size, bytes: sizes.crowdBytes, torrentWithinMs };
    const shares: CrowdRound[] = [];
    const torrents: CrowdRound[] = [];
    for (let round = 0; round < rounds; round++) {
      shares.push(await shareRound(given));
      torrents.push(await torrentRound(given));
      console.log(`1 to ${size}: share ${told(shares.at(-1))}; WebTorrent ${told(torrents.at(-1))}`);
    }
    const copiesOf = (all: readonly CrowdRound[]) => all.map(({ copies }) => copies);
    const timesOf = (all: readonly CrowdRound[]) => all.map(({ slowestMs }) => slowestMs);
    Object.assign(figures, {
      ...figure(`crowdCopies${size}`, copiesOf(shares)),
      ...figure(
        `crowdTimeRatio${size}`,
        shares.map(({ slowestMs }, round) => slowestMs / (torrents[round]?.slowestMs ?? 0)),
      ),
      [`crowdSlowestMs${size}`]: rounded(median(timesOf(shares))),
      [`webtorrentSlowestMs${size}`]: rounded(median(timesOf(torrents))),
      ...figure(`webtorrentCopies${size}`, copiesOf(torrents)),
      // Where this is not 0, the wait's end stands for the time, and the ratio of times is lower than that.
      [`webtorrentUnfinished${size}`]: torrents.reduce((sum, { unfinished }) => sum + unfinished, 0),
    });
  }
  return figures;
}

async function shareRound({ stage, size, bytes }: CrowdGiven): Promise<CrowdRound> {
  const files = [{ path: "film.bin", sizeBytes: bytes }];
  const pages: SharePage[] = [];
  for (let at = 0; at <= size; at++) pages.push(await stage.open());
  const [sender, ...receivers] = pages.map(({ page }) => page);
  if (!sender) throw new Error("There is no sender.");
  await makeUp(sender, files);
  const { link } = await shareMade(sender, stage.signalUrl);
  await untilHashed(sender);
  await pause(SETTLE_MS);
  await Promise.all(receivers.map((page) => openLink(page, link, { signal: stage.signalUrl })));
  const arrivals = await Promise.all(receivers.map((page) => arrived(page, WITHIN_SECONDS)));
  await pause(SETTLE_MS);
  const copies = (await uploadedBytes(sender)) / bytes;
  for (const receiver of receivers) await checkContent(sender, receiver, files);
  for (const page of pages) await page.close();
  return {
    copies,
    slowestMs: Math.max(...arrivals.map(({ openedAt, doneAt }) => doneAt - openedAt)),
    unfinished: 0,
  };
}

async function torrentRound({ stage, size, bytes, torrentWithinMs }: CrowdGiven): Promise<CrowdRound> {
  const pages: Page[] = [];
  for (let at = 0; at <= size; at++) pages.push(await torrentPage(stage));
  const [seeder, ...leechers] = pages;
  if (!seeder) throw new Error("There is no seeder.");
  const magnet = await seedMade(
    seeder,
    { path: "film.bin", sizeBytes: bytes },
    `${stage.signalUrl}/announce`,
  );
  await pause(SETTLE_MS);
  await Promise.all(leechers.map((page) => openMagnet(page, magnet)));
  const deadline = Date.now() + torrentWithinMs;
  let times = await Promise.all(leechers.map(torrentMs));
  while (times.includes(undefined) && Date.now() < deadline) {
    await pause(100);
    times = await Promise.all(leechers.map(torrentMs));
  }
  await pause(SETTLE_MS);
  const unfinished = times.filter((ms) => ms === undefined).length;
  if (unfinished > 0) {
    const got = (await Promise.all(leechers.map(torrentDownloaded))).map((part) => (part / bytes).toFixed(2));
    console.log(
      `WebTorrent did not finish in ${torrentWithinMs} ms; its leechers got of the file: ${got.join(" ")}`,
    );
  }
  const copies = (await torrentUploaded(seeder)) / bytes;
  for (const page of pages) await page.browserContext().close();
  return { copies, slowestMs: Math.max(...times.map((ms) => ms ?? torrentWithinMs)), unfinished };
}

async function torrentPage({ browser, origin }: ShareStage): Promise<Page> {
  const { page } = await watchedPage(await browser.createBrowserContext());
  await page.goto(`${origin.url}/webtorrent.html`);
  await page.waitForFunction(() => "WebTorrent" in window);
  return page;
}

function told(round: CrowdRound | undefined): string {
  const { copies = 0, slowestMs = 0, unfinished = 0 } = round ?? {};
  const late = unfinished > 0 ? `, ${unfinished} did not finish` : "";
  return `${copies.toFixed(2)} copies, slowest ${Math.round(slowestMs)} ms${late}`;
}
