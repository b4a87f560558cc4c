import { createIdentity } from "../adapters/identity.ts";
import type { PieceStore } from "../engine/ports.ts";
import { loadCatalog } from "./catalog.ts";
import { Delivery, type DeliveryParts } from "./delivery.ts";
import { PieceKeeper } from "./piece-keeper.ts";
import { openTracker, type TrackerLine } from "./tracker-line.ts";

/** The tracker gets this many times as long as the manifest took: its handshake is about as many round trips. */
const GRACE_PER_MANIFEST = 1.5;
const LEAST_GRACE_MS = 20;
const MOST_GRACE_MS = 400;

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
  const transport = environment.transport(options);
  const startedAt = environment.now();
  const file = { url: options.manifest, hasher, fetch: environment.fetch, key: options.manifestKey };
  const loading = loadCatalog(file);
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
    line = openTracker((events) => environment.tracker({ url, token, peer, secret, events }));
    const catalog = await loading;
    const tookMs = await loaded;
    const trackerGraceMs = Math.min(MOST_GRACE_MS, Math.max(LEAST_GRACE_MS, tookMs * GRACE_PER_MANIFEST));
    // Nobody comes back to what a live channel showed the last time.
    const store = catalog.geometry.live ? await inMemory(opening, openStore) : await opening;
    const keeper = new PieceKeeper({ geometry: catalog.geometry, store, hasher });
    const stored = catalog.geometry.live ? [] : await keeper.stored();
    const made = { ...parts, transport, catalog, file, store, keeper };
    return new Delivery({ ...made, stored, peer, line, trackerGraceMs });
  } catch (error) {
    line?.tracker.close();
    void opening.then((store) => store.close());
    throw error;
  }
}

async function inMemory(
  opening: Promise<PieceStore>,
  open: (kind: "memory") => Promise<PieceStore>,
): Promise<PieceStore> {
  await (await opening).close();
  return open("memory");
}
