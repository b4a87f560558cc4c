import type { FrameCodec, FrameHeader } from "./wire.ts";

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
export interface SignFrame<Type extends string = string> extends FrameHeader {
  readonly type: Type;
}

export function sign<Type extends string>(type: Type, code: number): FrameCodec<SignFrame<Type>> {
  return { type, code, write: () => {}, read: () => ({}) };
}
