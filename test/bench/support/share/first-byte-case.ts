import type { Page } from "puppeteer-core";
import type { ShareStage } from "../../../e2e/support/share-stage.ts";
import { figure } from "../figures.ts";
import { arrived, openLink } from "./arrival.ts";
import { bareFirstByteMs } from "./bare-first-byte.ts";
import { openSide, pause, type Side } from "./bench-page.ts";
import { makeUp, shareMade, untilHashed } from "./made-up-files.ts";
import type { ShareBenchOptions } from "./options.ts";
import { endShare } from "./same-content.ts";

/** A page that receives what its address leads to as soon as it loads, and notes when that page's visit began: at 0. */
const OPENED_PAGE = `<!doctype html><meta charset="utf-8"><title>opened</title><link rel="icon" href="data:,">
<script type="module">
import { receive } from "/sdk/share.js";
const arrival = { openedAt: 0 };
Object.assign(window, { arrival });
const signal = new URLSearchParams(location.search).get("signal");
const received = (window.received = await receive(location.href, { signal }));
const looking = setInterval(() => {
  if (received.progress.doneBytes === 0) return;
  arrival.firstAt = performance.now();
  clearInterval(looking);
}, 10);
await received.done;
arrival.doneAt = performance.now();
</script>`;
const LEAST_ROUNDS = 5;
const WITHIN_SECONDS = 60;

interface FirstBytes {
  /** From the call of `receive` in a page that is loaded. */
  readonly receiveMs: number;
  /** From the navigation to the link. */
  readonly openMs: number;
  readonly bareMs: number;
}

/** How long a receiver waits for its first verified piece, beside a bare connection's first byte. */
export async function firstByteCase(
  stage: ShareStage,
  { rounds, sizes }: ShareBenchOptions,
): Promise<Record<string, unknown>> {
  stage.origin.files.set("/opened.html", new TextEncoder().encode(OPENED_PAGE));
  const files = [{ path: "film.bin", sizeBytes: sizes.firstByteBytes }];
  const [from, to] = [await openSide(stage), await openSide(stage)];
  const all: FirstBytes[] = [];
  try {
    const sender = await from.openShare();
    await makeUp(sender, files);
    const opened = `${stage.origin.url}/opened.html?signal=${encodeURIComponent(stage.signalUrl)}`;
    const { link } = await shareMade(sender, stage.signalUrl, opened);
    await untilHashed(sender);
    // One round is a quick look; more are measured as often as medians of milliseconds need.
    for (let round = 0; round < (rounds === 1 ? 1 : Math.max(rounds, LEAST_ROUNDS)); round++) {
      all.push({
        bareMs: await bareRound(from, to),
        receiveMs: await receiveRound({ stage, to, link }),
        openMs: await openRound(to, link),
      });
      const { bareMs = 0, receiveMs = 0, openMs = 0 } = all.at(-1) ?? {};
      const told = [bareMs, receiveMs, openMs].map(Math.round);
      console.log(
        `first byte, round ${round + 1}: bare ${told[0]} ms, receive ${told[1]} ms, link opened ${told[2]} ms`,
      );
    }
    await endShare(sender);
  } finally {
    await from.close();
    await to.close();
  }
  return {
    ...figure(
      "firstByteMs",
      all.map(({ receiveMs }) => receiveMs),
    ),
    ...figure(
      "firstByteOpenedMs",
      all.map(({ openMs }) => openMs),
    ),
    ...figure(
      "firstByteBareMs",
      all.map(({ bareMs }) => bareMs),
    ),
  };
}

async function bareRound(from: Side, to: Side): Promise<number> {
  const sender = await from.openShare();
  const receiver = await to.openShare();
  await pause(700);
  const ms = await bareFirstByteMs(sender, receiver);
  await sender.close();
  await receiver.close();
  return ms;
}

async function receiveRound(given: {
  readonly stage: ShareStage;
  readonly to: Side;
  readonly link: string;
}): Promise<number> {
  const receiver = await given.to.openShare();
  await pause(700);
  await openLink(receiver, given.link, { signal: given.stage.signalUrl });
  return firstOf(receiver);
}

async function openRound(to: Side, link: string): Promise<number> {
  const receiver = await to.chromium.browser.newPage();
  await pause(700);
  await receiver.goto(link);
  return firstOf(receiver);
}

/** All of it is waited for, so that the next round finds nothing under way. */
async function firstOf(receiver: Page): Promise<number> {
  const { openedAt, firstAt } = await arrived(receiver, WITHIN_SECONDS);
  await endShare(receiver);
  // The sender sees it leave.
  await pause(700);
  return firstAt - openedAt;
}
