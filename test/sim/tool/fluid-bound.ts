import { second } from "#sdk/base/time.ts";

/**
 * The time below which no scheme brings `bytes` to all, ms: max{F/u_s, F/d_min, N·F/(u_s + Σu_i)} (Kurose and Ross,
 * Computer Networking, 2.5). Bytes are a fluid here: no pieces, no latency.
 */
export function fluidBoundMs(swarm: {
  readonly bytes: number;
  readonly sourceBytesPerSecond: number;
  readonly peers: readonly { readonly upBytesPerSecond: number; readonly downBytesPerSecond: number }[];
}): number {
  const { bytes, sourceBytesPerSecond, peers } = swarm;
  let slowestDown = Number.POSITIVE_INFINITY;
  let up = sourceBytesPerSecond;
  for (const { upBytesPerSecond, downBytesPerSecond } of peers) {
    slowestDown = Math.min(slowestDown, downBytesPerSecond);
    up += upBytesPerSecond;
  }
  const seconds = Math.max(bytes / sourceBytesPerSecond, bytes / slowestDown, (peers.length * bytes) / up);
  return seconds * second;
}
