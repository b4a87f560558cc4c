import type { FrameHeader, FrameReader } from "./wire.ts";
import { FrameWriter } from "./wire.ts";

/*
 * Frames that are only a header:
 *
 *   close    0x03  handle             the sender no longer holds this content open
 *   choke    0x06                     the sender will not serve this connection now; it rejects what is queued
 *   unchoke  0x07                     the sender will serve requests
 *   cancel   0x09  handle, request    the sender no longer needs the answer to its request
 *   ping     0x0c  request            answer with a pong that repeats the request
 *   pong     0x0d  request
 */
export const SIGNS = {
  close: 0x03,
  choke: 0x06,
  unchoke: 0x07,
  cancel: 0x09,
  ping: 0x0c,
  pong: 0x0d,
} as const;

export type SignType = keyof typeof SIGNS;

export interface SignFrame<Type extends SignType = SignType> extends FrameHeader {
  readonly type: Type;
}

export function encodeSign(frame: SignFrame): Uint8Array {
  return new FrameWriter(SIGNS[frame.type], frame, 0).bytes;
}

export function decodeSign<Type extends SignType>(type: Type, reader: FrameReader): SignFrame<Type> {
  return { type, ...reader.header };
}
