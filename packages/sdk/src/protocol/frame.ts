import { never, RivuletError } from "../base/errors.ts";
import { BYE, type ByeFrame, decodeBye, encodeBye } from "./frames/bye.ts";
import { CHUNK, type ChunkFrame, decodeChunk, encodeChunk } from "./frames/chunk.ts";
import { decodeHave, encodeHave, HAVE, type HaveFrame } from "./frames/have.ts";
import { decodeHello, encodeHello, HELLO, type HelloFrame } from "./frames/hello.ts";
import { decodeInterested, encodeInterested, INTERESTED, type InterestedFrame } from "./frames/interested.ts";
import { decodeOpen, encodeOpen, OPEN, type OpenFrame } from "./frames/open.ts";
import { decodeReject, encodeReject, REJECT, type RejectFrame } from "./frames/reject.ts";
import { decodeRequest, encodeRequest, REQUEST, type RequestFrame } from "./frames/request.ts";
import { decodeSign, encodeSign, SIGNS, type SignFrame } from "./frames/signs.ts";
import { FrameReader } from "./frames/wire.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";

/** Everything that one peer can say to another over their data channel. */
export type Frame =
  | HelloFrame
  | OpenFrame
  | HaveFrame
  | InterestedFrame
  | RequestFrame
  | ChunkFrame
  | RejectFrame
  | ByeFrame
  | SignFrame<"close">
  | SignFrame<"choke">
  | SignFrame<"unchoke">
  | SignFrame<"cancel">
  | SignFrame<"ping">
  | SignFrame<"pong">;

export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.type) {
    case "hello":
      return encodeHello(frame);
    case "open":
      return encodeOpen(frame);
    case "have":
      return encodeHave(frame);
    case "interested":
      return encodeInterested(frame);
    case "request":
      return encodeRequest(frame);
    case "chunk":
      return encodeChunk(frame);
    case "reject":
      return encodeReject(frame);
    case "bye":
      return encodeBye(frame);
    case "close":
    case "choke":
    case "unchoke":
    case "cancel":
    case "ping":
    case "pong":
      return encodeSign(frame);
    default:
      return never(frame, "frame");
  }
}

/**
 * Reads one frame; the frame's data is a view into `bytes`, which the caller gives away.
 * @throws RivuletError `frame-too-large`, `frame-unknown-type` or `frame-malformed`.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.byteLength > MAX_FRAME_BYTES) {
    throw new RivuletError(
      "frame-too-large",
      `A frame of ${bytes.byteLength} bytes is over the limit of ${MAX_FRAME_BYTES}.`,
    );
  }
  const reader = new FrameReader(bytes);
  const frame = decodeBody(reader);
  reader.end();
  return frame;
}

function decodeBody(reader: FrameReader): Frame {
  switch (reader.type) {
    case HELLO:
      return decodeHello(reader);
    case OPEN:
      return decodeOpen(reader);
    case HAVE:
      return decodeHave(reader);
    case INTERESTED:
      return decodeInterested(reader);
    case REQUEST:
      return decodeRequest(reader);
    case CHUNK:
      return decodeChunk(reader);
    case REJECT:
      return decodeReject(reader);
    case BYE:
      return decodeBye(reader);
    case SIGNS.close:
      return decodeSign("close", reader);
    case SIGNS.choke:
      return decodeSign("choke", reader);
    case SIGNS.unchoke:
      return decodeSign("unchoke", reader);
    case SIGNS.cancel:
      return decodeSign("cancel", reader);
    case SIGNS.ping:
      return decodeSign("ping", reader);
    case SIGNS.pong:
      return decodeSign("pong", reader);
    default:
      throw new RivuletError("frame-unknown-type", `There is no frame type 0x${reader.type.toString(16)}.`);
  }
}
