import { concatBytes } from "../../base/bytes.ts";
import {
  readShareMessage,
  type ShareMessage,
  uint32,
  writeShareMessage,
} from "../../protocol/share/share-message.ts";
import type { Description } from "./description.ts";

/*
 * A description as a receiver keeps it on disk: the length of the listing (4), the listing, then each message of hashes
 * behind its length (4). It is as signed as it was on the wire, so that a damaged one is noticed.
 */

/** Undefined while there is nothing to keep. */
export function storedForm({ listing, signed }: Description): Uint8Array | undefined {
  if (!listing) return undefined;
  const parts = [listing, ...signed.map((one) => writeShareMessage({ type: "hashes", signed: one }))];
  return concatBytes(parts.flatMap((part) => [uint32(part.byteLength), part]));
}

/** Takes in what was kept, as far as it is sound. */
export async function restore(description: Description, stored: Uint8Array): Promise<void> {
  const [listing, ...messages] = partsOf(stored);
  try {
    if (!listing) return;
    await description.takeListing(listing);
    for (const bytes of messages) {
      const message: ShareMessage = readShareMessage(bytes);
      if (message.type === "hashes") await description.takeHashes(message.signed);
    }
  } catch {
    // What is missing or damaged is asked of others again.
  }
}

function partsOf(stored: Uint8Array): Uint8Array[] {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 4 <= stored.byteLength; ) {
    const end = at + 4 + view.getUint32(at);
    if (end > stored.byteLength) break;
    parts.push(stored.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
