import { setTimeout } from "node:timers/promises";
import SimplePeer from "simple-peer";
import type { Wrtc } from "../../adapters/simple-peer-transport.ts";
import { KIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { type OpenConnections, standardConnection } from "./standard-connection.ts";

/**
 * What the binding takes of a channel's bytes without counting them as buffered, until the other side has confirmed them:
 * it is a queue that Rivulet does not see, and the most that one round trip carries. At 100 ms it is 2.5 MB/s.
 */
const SEND_BUFFER_BYTES = 256 * KIB;

/** WebRTC for Node. */
export interface NodeWebRtc {
  readonly wrtc: Wrtc;
  /**
   * Ends all connections, those that still say goodbye a little later. Then the program can end, which it does by itself
   * only when the binding's threads have noticed, ten seconds later: its own `cleanup` crashes one program in fifty.
   */
  close(): Promise<void>;
}

/** A link takes a second at most for its goodbye. */
const MOST_GOODBYE_MS = 1.2 * second;
const LOOK_EVERY_MS = 20;

/**
 * Loads libdatachannel's binding.
 * @throws RivuletError `unsupported-browser` where it is not installed, or has no build for this machine.
 */
export async function loadWebRtc(load = importBinding): Promise<NodeWebRtc> {
  try {
    const [polyfill, { setSctpSettings, PeerConnection: Native }] = await load();
    const { RTCSessionDescription, RTCIceCandidate } = polyfill;
    setSctpSettings({ sendBufferSize: SEND_BUFFER_BYTES });
    stopWaitingForCandidates();
    const open: OpenConnections = new Set();
    const { RTCPeerConnection: PeerConnection } = polyfill;
    const RTCPeerConnection = standardConnection({ PeerConnection, Native, open });
    return {
      wrtc: { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } as unknown as Wrtc,
      async close() {
        const until = performance.now() + MOST_GOODBYE_MS;
        while (open.size > 0 && performance.now() < until) await setTimeout(LOOK_EVERY_MS);
        for (const connection of open) connection.close();
      },
    };
  } catch (cause) {
    throw new RivuletError(
      "unsupported-browser",
      `There is no WebRTC here. Install it beside Rivulet: npm install node-datachannel (${firstLine(cause)})`,
      { cause },
    );
  }
}

function importBinding() {
  return Promise.all([import("node-datachannel/polyfill"), import("node-datachannel")]);
}

/**
 * As published, simple-peer starts a timer of five seconds with the first candidate and never stops it: a program would
 * end so much later. Nobody waits for it where candidates are sent one by one.
 */
function stopWaitingForCandidates(): void {
  Object.assign(SimplePeer.prototype, { _startIceCompleteTimeout: () => {} });
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split("\n", 1)[0] as string) : String(cause);
}
