import { UpgradeRefused } from "./frame-socket.ts";
import type { ReconnectResult } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { pause } from "./loops.ts";

/** Between two attempts of one client, at random. */
const RETRY_MS = [500, 1500] as const;
const POLL_MS = 20;
const UNREACHABLE = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);

/** Waits for the server to go, and lets everybody come back at a random time, as clients do. */
export async function reconnect(
  peers: readonly LoadPeer[],
  { withinMs, limitMs }: { readonly withinMs: number; readonly limitMs: number },
): Promise<ReconnectResult> {
  const refusals: Record<string, number> = {};
  let firstLostAt: number | undefined;
  const backAt: number[] = [];
  let lost = 0;
  let back = 0;
  let unreachable = 0;
  let isOver = false;
  const comeBack = async (peer: LoadPeer) => {
    await pause(Math.random() * withinMs);
    while (!isOver) {
      const failure = await attempt(peer);
      if (failure === undefined) {
        back += 1;
        backAt.push(performance.now());
        return;
      }
      peer.leave();
      if (failure === "unreachable") unreachable += 1;
      else refusals[failure] = (refusals[failure] ?? 0) + 1;
      await pause(RETRY_MS[0] + Math.random() * (RETRY_MS[1] - RETRY_MS[0]));
    }
  };
  for (const peer of peers) {
    peer.onLost = () => {
      firstLostAt ??= performance.now();
      lost += 1;
      // A second loss, after it came back, is one that the server has to answer for.
      if (lost > peers.length) refusals["lost again"] = (refusals["lost again"] ?? 0) + 1;
      void comeBack(peer);
    };
  }
  const deadline = performance.now() + limitMs;
  while ((lost < peers.length || back < lost) && performance.now() < deadline) await pause(POLL_MS);
  isOver = true;
  for (const peer of peers) peer.onLost = undefined;
  const since = (at: number | undefined) => (at === undefined ? 0 : at - (firstLostAt ?? at));
  const nearlyAllMs = since(backAt[Math.floor(0.99 * (backAt.length - 1))]);
  return { backMs: since(backAt.at(-1)), nearlyAllMs, lost, back, unreachable, refusals };
}

/** What kept it out; undefined when it is back in its swarm. */
async function attempt(peer: LoadPeer): Promise<string | undefined> {
  try {
    await peer.open();
    await peer.join();
    return undefined;
  } catch (error) {
    if (error instanceof UpgradeRefused) return `HTTP ${error.status}`;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (UNREACHABLE.has(code)) return "unreachable";
    return error instanceof Error ? error.message : String(error);
  }
}
