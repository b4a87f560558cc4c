import { createIdentity } from "../adapters/identity.ts";
import { MIB } from "../base/bytes.ts";
import type { PieceStore } from "../engine/ports.ts";
import { loadCatalog } from "./catalog.ts";
import { Delivery, type DeliveryParts } from "./delivery.ts";
import { PieceKeeper } from "./piece-keeper.ts";
import { servedResources } from "./served-resources.ts";
import { openTracker, type TrackerLine } from "./tracker-line.ts";

/** The tracker gets this many times as long as the manifest took, from when it is dialled: its handshake is about as many round trips. */
const GRACE_PER_MANIFEST = 2.5;
const LEAST_GRACE_MS = 150;
const MOST_GRACE_MS = 400;
/** So much of it is left when the engine runs: what the tracker said while the page was busy is to be heard. */
const LEAST_LEFT_MS = 50;

/** Of what comes while a busy page waits for bytes, so much is written only afterwards. */
const MOST_HELD_BYTES = 64 * MIB;

/**
 * Loads the manifest while the tracker's link and the store open, then starts the engine.
 * @throws RivuletError when the manifest cannot be used or the browser lacks what is needed.
 */
export async function startDelivery(
  parts: Pick<DeliveryParts, "options" | "environment" | "emitter" | "problem">,
): Promise<Delivery> {
  const { options, environment } = parts;
  const hasher = environment.hasher();
  // Made first: without WebRTC nothing need be fetched.
  const conditions = environment.conditions(options);
  const transport = environment.transport(
    conditions.relayOnly ? { ...options, iceTransportPolicy: "relay" } : options,
  );
  const startedAt = environment.now();
  const file = { url: options.manifest, hasher, fetch: environment.fetch, key: options.manifestKey };
  const loading = loadCatalog(file, servedResources(options));
  const loaded = loading.then(
    () => environment.now() - startedAt,
    () => 0,
  );
  const openStore = (kind = options.store) =>
    environment.store({ ...options, store: kind }, (error) => parts.problem(error));
  const opening = openStore();
  let line: TrackerLine | undefined;
  try {
    const { peer, secret } = await createIdentity(hasher, environment.randomBytes);
    const { signal: url, token } = options;
    line = openTracker(
      (events) => environment.tracker({ url, token, peer, secret, events }),
      conditions.restraint !== "no-peers",
    );
    const dialledAt = environment.dialledAt ?? environment.now();
    const catalog = await loading;
    // A page that had asked for it before got it at once.
    const tookMs = Math.max(await loaded, networkMs(options.manifest));
    const graceMs = Math.max(LEAST_GRACE_MS, tookMs * GRACE_PER_MANIFEST);
    // Nobody comes back to what a live channel showed the last time.
    const store = catalog.geometry.live ? await inMemory(opening, openStore) : await opening;
    const onDisk = options.store === "indexeddb" && !catalog.geometry.live;
    const mostHeldBytes = onDisk ? MOST_HELD_BYTES : 0;
    const keeper = new PieceKeeper({ geometry: catalog.geometry, store, hasher, mostHeldBytes });
    const stored = catalog.geometry.live ? [] : await keeper.stored();
    const made = { ...parts, conditions, transport, catalog, file, store, keeper };
    const leftMs = graceMs - (environment.now() - dialledAt);
    const trackerGraceMs = Math.min(MOST_GRACE_MS, Math.max(LEAST_LEFT_MS, leftMs));
    return new Delivery({ ...made, stored, peer, line, trackerGraceMs });
  } catch (error) {
    line?.tracker.close();
    void opening.then((store) => store.close());
    throw error;
  }
}

/** How long the network took for a file that the page had asked for before; 0 when the browser does not say. */
function networkMs(url: string): number {
  return globalThis.performance?.getEntriesByName?.(url).at(-1)?.duration ?? 0;
}

async function inMemory(
  opening: Promise<PieceStore>,
  open: (kind: "memory") => Promise<PieceStore>,
): Promise<PieceStore> {
  await (await opening).close();
  return open("memory");
}
