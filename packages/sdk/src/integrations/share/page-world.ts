import { handedOutIce } from "../../adapters/handed-out-ice.ts";
import { webCryptoSha256 } from "../../adapters/sha256.ts";
import { SimplePeerTransport } from "../../adapters/simple-peer-transport.ts";
import { TrackerSocket } from "../../adapters/tracker-socket.ts";
import type { Random } from "../../base/random.ts";
import type { ShareWorld } from "../../client/share/running-share.ts";

/**
 * The world as a page sees it.
 * @throws RivuletError `insecure-context` where there is no Web Crypto.
 */
export function pageWorld(): ShareWorld {
  const random: Random = {
    next: () => Math.random(),
    below: (bound) => Math.floor(Math.random() * bound),
  };
  const ice = handedOutIce();
  return {
    now: () => performance.now(),
    random,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    hasher: webCryptoSha256(),
    transport: ({ iceServers, iceTransportPolicy }) =>
      new SimplePeerTransport({ iceServers: ice.after(iceServers), iceTransportPolicy }),
    tracker: (options) => new TrackerSocket({ ...options, random, onIceServers: ice.onIceServers }),
  };
}
