/*
 * The two ends of a link under test. The ends may be in another process, so they are asked for rather than called: frames
 * are made and checked where they are, `number` in their first four bytes and a pattern after it.
 */

export interface Frames {
  readonly first: number;
  readonly count: number;
  readonly bytes: number;
}

export type LinkEvent =
  | { readonly type: "open" }
  | { readonly type: "frame"; readonly number: number; readonly bytes: number; readonly intact: boolean }
  | { readonly type: "writable"; readonly bufferedBytes: number }
  | { readonly type: "close"; readonly code: string | null };

export interface LinkEnd {
  /** Makes a link, in the place of the one before; its signals are carried to the other end once that has connected too. */
  connect(options?: { readonly connectTimeoutMs: number }): Promise<void>;
  /** Gives the link a signal as if the other side had made it. */
  signal(signal: unknown): Promise<void>;
  /** Sends the frames whatever `send` answers, and returns its answers. */
  send(frames: Frames): Promise<readonly boolean[]>;
  /** Sends the frames, waiting for `onWritable` after each false; returns how many times it waited. */
  pump(frames: Frames): Promise<number>;
  /** Sends something that `send` would refuse, past the adapter: a hostile peer does not use it. Dialer only. */
  sendRaw(raw: { readonly text: string } | { readonly zeroes: number }): Promise<void>;
  openAnotherChannel(): Promise<void>;
  close(): Promise<void>;
  /** The most bytes that its channel has had queued. */
  maxBufferedBytes(): Promise<number>;
  events(): Promise<readonly LinkEvent[]>;
  /** Waits for the nth event of a type and returns all events until then. */
  until(type: LinkEvent["type"], nth?: number): Promise<readonly LinkEvent[]>;
}

export interface TransportPair {
  readonly dialer: LinkEnd;
  readonly answerer: LinkEnd;
  /** Takes the answerer out of the world without a word, if the set-up can. */
  readonly vanish?: () => Promise<void>;
  dispose(): Promise<void>;
}

/** What the transports are made with. */
export const CONTRACT_LIMITS = {
  /** A busy machine may need longer to send what is queued than the second that a link has for it. */
  lingerMs: 5_000,
  highWaterBytes: 512 * 1024,
  lowWaterBytes: 128 * 1024,
  maxFrameBytes: 65 * 1024,
} as const;

/** Signals that only a hostile or broken peer sends. */
export const GARBAGE: readonly unknown[] = [
  {},
  { type: "offer" },
  { type: "offer", sdp: 7 },
  { type: "offer", sdp: "v=0 and nothing else" },
  { type: "offer", sdp: "x".repeat(1024 * 1024) },
  { type: "offer", sdp: "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" },
  { type: "offer", sdp: { toString: "no" } },
  { type: "answer", sdp: "v=0\r\n" },
  { type: "rollback", sdp: "" },
  { type: "renegotiate", renegotiate: true },
  { type: "transceiverRequest", transceiverRequest: { kind: "audio" } },
  { type: "candidate" },
  { type: "candidate", candidate: null },
  { type: "candidate", candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host" },
  { type: "candidate", candidate: { candidate: "y".repeat(1024 * 1024), sdpMid: "0" } },
  { type: ["offer"], sdp: [] },
  [],
];
