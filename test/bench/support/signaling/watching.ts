import { identity } from "../../../signaling/support/identities.ts";
import type { Command, WatchResult } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { pause, quiet } from "./loops.ts";
import { RivuletPeer } from "./rivulet-peer.ts";
import type { Tally } from "./tally.ts";

/** Lets everybody announce again and again while a process is killed, and sees until when its members are listed. */
export async function watch(
  peers: readonly LoadPeer[],
  tally: Tally,
  command: Extract<Command, { readonly type: "watch" }>,
): Promise<WatchResult> {
  const { everyMs, windowMs, doomed, killPid, killAfterMs } = command;
  const { first, count } = doomed;
  const ids: ReadonlySet<string> = new Set(
    Array.from({ length: count }, (_, at) => identity(first + at).peer),
  );
  const others = peers
    .filter((peer) => peer instanceof RivuletPeer)
    .filter(({ no }) => no < first || no >= first + count);
  let listedBefore = 0;
  let lastListedAt = 0;
  let killedAt: number | undefined;
  let sent = 0;
  for (const peer of others)
    peer.onListed = (listed) => {
      if (!listed.some((id) => ids.has(id))) return;
      if (killedAt === undefined) listedBefore += 1;
      else lastListedAt = performance.now();
    };
  const start = performance.now();
  tally.reset();
  let before = tally.counts();
  let due = 0;
  for (let elapsed = 0; elapsed < windowMs; elapsed = performance.now() - start) {
    if (killedAt === undefined && elapsed >= killAfterMs) {
      before = tally.counts();
      tally.reset();
      process.kill(killPid, "SIGKILL");
      killedAt = performance.now();
    }
    const target = (elapsed / everyMs) * others.length;
    for (; due < target; due++) {
      const peer = others[due % others.length];
      if (peer?.request(peer.announceFrame())) sent += 1;
    }
    await pause(1);
  }
  await quiet(tally);
  for (const peer of others) peer.onListed = undefined;
  const after = tally.counts();
  return {
    goneMs: killedAt === undefined ? 0 : Math.max(0, lastListedAt - killedAt),
    listedBefore,
    before,
    after: { ...after, closed: after.closed - count },
    unanswered: sent - before.replies - after.replies,
  };
}
