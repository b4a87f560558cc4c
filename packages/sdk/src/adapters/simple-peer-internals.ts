import type { Instance } from "simple-peer";

/*
 * The two private fields of simple-peer 9.11.1 that Rivulet reads, declared here and touched nowhere else. Its public
 * face lacks what they are needed for: `send` knows no back-pressure, the threshold of `bufferedamountlow` is fixed at
 * 64 KiB, and a second channel from the other side silently takes the first one's place.
 */
interface Internals {
  /** Null until there is one and after the peer was destroyed. */
  readonly _channel: RTCDataChannel | null;
  /** Null after the peer was destroyed, undefined when the browser refused to make one. */
  readonly _pc: RTCPeerConnection | null | undefined;
}

export function channelOf(peer: Instance & Partial<Internals>): RTCDataChannel | undefined {
  return peer._channel ?? undefined;
}

export function connectionOf(peer: Instance & Partial<Internals>): RTCPeerConnection | undefined {
  return peer._pc ?? undefined;
}
