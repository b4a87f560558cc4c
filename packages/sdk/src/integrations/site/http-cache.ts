import type { Rivulet } from "../../client/rivulet.ts";

/** What is taken over in one visit, at most. */
const MOST_BYTES = 64 * 2 ** 20;

/** The part of an engine that this takes. */
type Adopter = Pick<Rivulet, "ready" | "sizeOf" | "adopt">;

/**
 * What this page has loaded past Rivulet, before there was a worker or an engine, is in the browser's own cache: takes it
 * over from there, so that it can be passed on, and is here the next time. Nothing is asked of the network. Returns how to
 * stop.
 */
export function adoptFromHttpCache(engine: Adopter): () => void {
  if (typeof PerformanceObserver === "undefined") return () => undefined;
  const seen = new Set<string>();
  let leftBytes = MOST_BYTES;
  let turn: Promise<unknown> = engine.ready;
  let stopped = false;
  const observer = new PerformanceObserver((list) => {
    for (const { name, workerStart, initiatorType } of list.getEntries() as PerformanceResourceTiming[]) {
      // The engine's own requests are by `fetch`, and of what a worker answered it knows already.
      if (workerStart > 0 || initiatorType === "fetch" || !name.startsWith(location.origin) || seen.has(name))
        continue;
      seen.add(name);
      // One at a time: nobody waits for it.
      turn = turn.then(() => adopt(name)).catch(() => undefined);
    }
  });
  const adopt = async (url: string) => {
    const sizeBytes = engine.sizeOf(url);
    if (stopped || sizeBytes === undefined || sizeBytes > leftBytes) return;
    const response = await fetch(url, { cache: "only-if-cached", mode: "same-origin" });
    if (response.status !== 200) return;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength !== sizeBytes) return;
    leftBytes -= sizeBytes;
    await engine.adopt(url, bytes);
  };
  observer.observe({ type: "resource", buffered: true });
  return () => {
    stopped = true;
    observer.disconnect();
  };
}
