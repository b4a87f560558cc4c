import { second } from "../../base/time.ts";
import { noRoom } from "./disk-errors.ts";

/** The part of `navigator.storage` that tells of room. */
export type RoomSource = Pick<StorageManager, "estimate" | "persist">;

/** Firefox asks the person, who may not answer. */
const ASKED_FOR_MS = 30 * second;

/**
 * Makes sure that there is room for so many bytes, of which some may be there. Where there is not, the browser is asked to
 * keep this site's files for good: some then give it more.
 * @throws RivuletError `storage-full`, saying how many bytes are missing.
 */
export async function ensureRoom(
  storage: RoomSource,
  bytes: number,
  /** How many of them are there; it takes a while to find out, and mostly there is room for all. */
  held: () => Promise<number>,
): Promise<void> {
  if (bytes <= (await freeBytes(storage))) return;
  const needed = bytes - (await held());
  if (needed <= (await freeBytes(storage))) return;
  await persisted(storage);
  const missing = needed - (await freeBytes(storage));
  if (missing > 0) throw noRoom(missing);
}

/** `Infinity` where the browser does not say: a write that fails will. */
async function freeBytes(storage: RoomSource): Promise<number> {
  try {
    const { quota, usage } = await storage.estimate();
    return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function persisted(storage: RoomSource): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ASKED_FOR_MS);
  });
  try {
    await Promise.race([storage.persist(), late]);
  } catch {
    // It is a request; what matters is the room there is then.
  } finally {
    clearTimeout(timer);
  }
}
