import { randomBytes } from "node:crypto";

export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const FIN = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;

/** A client's frame. Its mask is 0, which leaves the payload as it is and is a mask like any other to the server. */
export function clientFrame(payload: Buffer, opcode = TEXT): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extended + MASK_BYTES + length);
  frame[0] = FIN | opcode;
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  payload.copy(frame, 2 + extended + MASK_BYTES);
  return frame;
}

export function textFrame(text: string): Buffer {
  return clientFrame(Buffer.from(text));
}

/** RFC 6455, section 4.1; the bytes of one request. */
export function upgradeRequest(path: string, port: number): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
    "\r\n",
  ].join("\r\n");
}
