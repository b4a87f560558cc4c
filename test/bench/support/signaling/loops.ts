import type { Command, FloodResult, LoopResult, Results } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { processorMs } from "./process-stat.ts";
import { RivuletPeer } from "./rivulet-peer.ts";
import type { Tally } from "./tally.ts";

type CommandOf<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** Long enough without a message: all that was under way has arrived. */
const QUIET_MS = 400;
const QUIET_LIMIT_MS = 10_000;
const PACE_MS = 10;

/** Keeps the server as busy as it can be, and counts what it does in the window. */
export async function loop(
  peers: readonly LoadPeer[],
  tally: Tally,
  { warmupMs, windowMs, serverPid, depth }: CommandOf<"loop">,
): Promise<LoopResult> {
  const relays = peers.filter(({ work }) => work === "relays");
  const others = peers.filter(({ work }) => work === "answers");
  tally.reset();
  for (const peer of relays) {
    peer.isAnswering = true;
    for (let sent = 0; sent < depth; sent++) peer.write(peer.floodFrame());
  }
  for (const peer of others) {
    peer.isLooping = true;
    peer.spin();
  }
  await pause(warmupMs);
  const before = { replies: tally.replies, relayed: tally.relayed, latencies: tally.latenciesMs.length };
  const start = { at: performance.now(), server: processorMs(serverPid), load: processorMs(process.pid) };
  await pause(windowMs);
  const spentMs = performance.now() - start.at;
  const serverBusy = (processorMs(serverPid) - start.server) / spentMs;
  const loadBusy = (processorMs(process.pid) - start.load) / spentMs;
  const replies = tally.replies - before.replies;
  const relayed = tally.relayed - before.relayed;
  tally.forget(before.latencies);
  const { p50Ms, p99Ms, maxMs } = tally.counts();
  for (const peer of relays) peer.isAnswering = false;
  for (const peer of others) peer.isLooping = false;
  await quiet(tally);
  const whole = tally.counts();
  return {
    ...whole,
    ...{ replies, relayed, p50Ms, p99Ms, maxMs, serverBusy, loadBusy },
    seconds: spentMs / 1000,
    relayedPerRequest: whole.replies === 0 ? 0 : whole.relayed / whole.replies,
  };
}

/** Waits until nothing more comes in. */
export async function quiet(tally: Tally): Promise<void> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  for (let last = -1; last !== tally.replies + tally.relayed && performance.now() < deadline; ) {
    last = tally.replies + tally.relayed;
    await pause(QUIET_MS);
  }
}

/** Times small requests, which come evenly spread. */
export async function probe(
  peers: readonly LoadPeer[],
  tally: Tally,
  { everyMs, windowMs }: CommandOf<"probe">,
): Promise<Results["probe"]> {
  tally.reset();
  const start = performance.now();
  let sent = 0;
  let blocked = 0;
  // In small steps: a handful of requests at once would time each other.
  const eachMs = everyMs / peers.length;
  for (let elapsed = 0; elapsed < windowMs; elapsed = performance.now() - start) {
    const due = Math.floor(elapsed / eachMs);
    for (; sent + blocked < due; ) {
      const peer = peers[(sent + blocked) % peers.length];
      if (peer?.request(peer.probeFrame())) sent += 1;
      else blocked += 1;
    }
    await pause(1);
  }
  await quiet(tally);
  return { ...tally.counts(), unanswered: sent - tally.replies + blocked };
}

/** One peer sends as much as it is told to; it comes back when it is cut off. */
export async function flood(
  peer: LoadPeer,
  tally: Tally,
  { burst, perSecond, windowMs, targets }: CommandOf<"flood">,
): Promise<FloodResult> {
  tally.reset();
  let reopened = 0;
  let isBack = true;
  peer.onLost = () => {
    isBack = false;
    reopened += 1;
    peer
      .open()
      .then(() => peer.join())
      .then(() => {
        isBack = true;
      })
      // Kept out for good: what is left of the window, it is silent.
      .catch((error: unknown) => tally.error(error instanceof Error ? error.message : String(error)));
  };
  const start = performance.now();
  let sent = 0;
  let missed = 0;
  for (let elapsed = 0; elapsed < windowMs; elapsed = performance.now() - start) {
    const due = burst + (perSecond * elapsed) / 1000;
    while (sent + missed < due) {
      if (!isBack) {
        missed += 1;
        continue;
      }
      sent += 1;
      if (peer instanceof RivuletPeer) peer.aimAt(targets.first + (sent % targets.count) * targets.step);
      peer.write(peer.floodFrame());
    }
    await pause(PACE_MS);
  }
  peer.onLost = undefined;
  return { ...tally.counts(), sent, reopened };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
