import { randomBytes, randomInt } from "node:crypto";
import { handedOutIce } from "../../adapters/handed-out-ice.ts";
import { TrackerSocket } from "../../adapters/tracker-socket.ts";
import { seededRandom } from "../../base/random.ts";
import type { ShareWorld } from "../../client/share/running-share.ts";
import { sha256 } from "../hash-file.ts";

export interface NodeWorld extends ShareWorld {
  /** Ends all connections, those that still say goodbye a little later. */
  close(): Promise<void>;
}

/**
 * The world as a program on Node sees it.
 * @throws RivuletError `unsupported-browser` where WebRTC is not installed.
 */
export async function openNodeWorld(): Promise<NodeWorld> {
  // Other commands do without all of this.
  const [{ loadWebRtc }, { SimplePeerTransport }, { WebSocket }] = await Promise.all([
    import("./web-rtc.ts"),
    import("../../adapters/simple-peer-transport.ts"),
    import("ws"),
  ]);
  const { wrtc, close } = await loadWebRtc();
  const random = seededRandom(randomInt(2 ** 32));
  const ice = handedOutIce();
  return {
    now: () => performance.now(),
    random,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    hasher: sha256,
    transport: ({ iceServers, iceTransportPolicy }) =>
      new SimplePeerTransport({ iceServers: ice.after(iceServers), iceTransportPolicy, wrtc }),
    tracker: (options) =>
      new TrackerSocket({ ...options, WebSocket, random, onIceServers: ice.onIceServers }),
    close,
  };
}
