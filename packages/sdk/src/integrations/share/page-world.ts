import { webCryptoSha256 } from "../../adapters/sha256.ts";
import { SimplePeerTransport } from "../../adapters/simple-peer-transport.ts";
import { TrackerSocket } from "../../adapters/tracker-socket.ts";
import { KIB } from "../../base/bytes.ts";
import type { Random } from "../../base/random.ts";
import type { ShareWorld } from "../../client/share/running-share.ts";

/** Higher than for pages that load (docs/decisions/0018): here nothing else waits behind what is queued. */
const WATERMARKS = { highWaterBytes: 256 * KIB, lowWaterBytes: 128 * KIB };

/**
 * The world as a page sees it.
 * @throws RivuletError `insecure-context` where there is no Web Crypto.
 */
export function pageWorld(): ShareWorld {
  const random: Random = {
    next: () => Math.random(),
    below: (bound) => Math.floor(Math.random() * bound),
  };
  return {
    now: () => performance.now(),
    random,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    hasher: webCryptoSha256(),
    transport: (options) => new SimplePeerTransport({ ...options, ...WATERMARKS }),
    tracker: (options) => new TrackerSocket({ ...options, random }),
  };
}
