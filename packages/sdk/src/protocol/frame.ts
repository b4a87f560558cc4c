import { RivuletError } from "../base/errors.ts";
import { type ByeFrame, bye } from "./frames/bye.ts";
import { type ChunkFrame, chunk } from "./frames/chunk.ts";
import { type FetchingFrame, fetching } from "./frames/fetching.ts";
import { type HaveFrame, have } from "./frames/have.ts";
import { type HelloFrame, hello } from "./frames/hello.ts";
import { type InterestedFrame, interested } from "./frames/interested.ts";
import { type IntroduceFrame, introduce } from "./frames/introduce.ts";
import { type OpenFrame, open } from "./frames/open.ts";
import { type PeersFrame, peers } from "./frames/peers.ts";
import { type RejectFrame, reject } from "./frames/reject.ts";
import { type RequestFrame, request } from "./frames/request.ts";
import { type RosterFrame, roster } from "./frames/roster.ts";
import { type SignFrame, sign } from "./frames/signs.ts";
import { type SuggestFrame, suggest } from "./frames/suggest.ts";
import { checkSize, type FrameCodec, FrameReader, FrameWriter, malformed } from "./frames/wire.ts";

/** Everything that one peer can say to another over their data channel. */
export type Frame =
  | HelloFrame
  | OpenFrame
  | HaveFrame
  | InterestedFrame
  | FetchingFrame
  | SuggestFrame
  | RequestFrame
  | ChunkFrame
  | RejectFrame
  | ByeFrame
  | PeersFrame
  | IntroduceFrame
  | RosterFrame
  | SignFrame<"close">
  | SignFrame<"choke">
  | SignFrame<"unchoke">
  | SignFrame<"cancel">
  | SignFrame<"ping">
  | SignFrame<"pong">;

const CODECS: { readonly [Type in Frame["type"]]: FrameCodec<Extract<Frame, { readonly type: Type }>> } = {
  hello,
  open,
  have,
  interested,
  fetching,
  suggest,
  request,
  chunk,
  reject,
  bye,
  peers,
  introduce,
  roster,
  close: sign("close", 0x03),
  choke: sign("choke", 0x06),
  unchoke: sign("unchoke", 0x07),
  cancel: sign("cancel", 0x09),
  ping: sign("ping", 0x0c),
  pong: sign("pong", 0x0d),
};

const BY_CODE = new Map(Object.values<FrameCodec<Frame>>(CODECS).map((codec) => [codec.code, codec]));

/** Writes one frame. Throws RivuletError `frame-too-large` for one that no peer would take. */
export function encodeFrame(frame: Frame): Uint8Array {
  return writeFrame(frame).slice();
}

/** As `encodeFrame`, but the bytes stand only until another frame is written: enough for who sends them at once. */
export function writeFrame(frame: Frame): Uint8Array {
  const codec: FrameCodec<Frame> = CODECS[frame.type];
  const writer = new FrameWriter(codec.code, frame);
  codec.write(writer, frame);
  return writer.bytes;
}

/**
 * Reads one frame; the frame's data is a view into `bytes`, which the caller gives away.
 * @throws RivuletError `frame-too-large`, `frame-unknown-type` or `frame-malformed`.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  checkSize(bytes.byteLength);
  const reader = new FrameReader(bytes);
  const codec = BY_CODE.get(reader.code);
  if (!codec) throw new RivuletError("frame-unknown-type", `There is no frame type ${reader.code}.`);
  // Each codec vouches for its own type's fields.
  const frame = { type: codec.type, ...reader.header, ...codec.read(reader) } as Frame;
  if (reader.left > 0) throw malformed("too long");
  return frame;
}
