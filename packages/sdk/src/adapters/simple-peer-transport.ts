import SimplePeer from "simple-peer";
import { KIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";
import type { Transport } from "../engine/ports.ts";
import { MAX_FRAME_BYTES } from "../protocol/limits.ts";
import { SimplePeerLink } from "./simple-peer-link.ts";

/** A WebRTC implementation other than the browser's own: for Node, where simple-peer is loaded as it is published. */
export interface Wrtc {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly RTCSessionDescription: typeof RTCSessionDescription;
  readonly RTCIceCandidate: typeof RTCIceCandidate;
}

export interface SimplePeerOptions {
  /**
   * STUN and TURN servers, asked for with each link: credentials expire. There are no defaults: whose servers learn a
   * visitor's address is the site's decision.
   */
  readonly iceServers: () => RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly wrtc?: Wrtc;
  /** A link that has not opened after this many milliseconds is given up. */
  readonly connectTimeoutMs?: number;
  /** A link that was closed may take this many milliseconds to send what was still queued, such as a goodbye. */
  readonly lingerMs?: number;
  /** `send` returns false when more than this many bytes are queued in the channel. */
  readonly highWaterBytes?: number;
  /** `onWritable` comes when no more than this many bytes are left. */
  readonly lowWaterBytes?: number;
  /** A longer message ends the link. */
  readonly maxFrameBytes?: number;
}

type ConnectOptions = Parameters<Transport["connect"]>[0];

const DEFAULTS = {
  connectTimeoutMs: 15 * second,
  lingerMs: 1 * second,
  highWaterBytes: 64 * KIB,
  lowWaterBytes: 32 * KIB,
  maxFrameBytes: MAX_FRAME_BYTES,
};

/** True where links can be made: not in a worker, nor in a browser whose owner turned WebRTC off. */
export function webRtcSupported(): boolean {
  return typeof RTCPeerConnection === "function" && typeof RTCDataChannel === "function";
}

/** Links over one reliable, ordered data channel each. */
export class SimplePeerTransport implements Transport {
  readonly #options: SimplePeerOptions & typeof DEFAULTS;

  /** @throws RivuletError `unsupported-browser` where `webRtcSupported()` is false and no `wrtc` was given. */
  constructor(options: SimplePeerOptions) {
    if (!options.wrtc && !webRtcSupported()) {
      throw new RivuletError("unsupported-browser", "This browser has no WebRTC, or it is turned off.");
    }
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Never throws, and no event comes before it has returned. */
  connect({ peer, initiator, events }: ConnectOptions): ReturnType<Transport["connect"]> {
    const { iceServers, iceTransportPolicy, wrtc } = this.#options;
    const simplePeer = new SimplePeer({
      initiator,
      trickle: true,
      objectMode: true,
      channelConfig: { ordered: true },
      // Given even when empty: simple-peer's own default is two public STUN servers.
      config: { iceServers: iceServers(), iceTransportPolicy },
      ...(wrtc && { wrtc }),
    });
    return new SimplePeerLink({ peer, initiator, events, simplePeer, limits: this.#options });
  }
}
