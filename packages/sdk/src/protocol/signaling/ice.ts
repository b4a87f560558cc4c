import { Fields } from "./fields.ts";
import { MAX_DURATION_MS, MAX_ICE_SERVERS, MAX_ICE_TEXT_LENGTH } from "./limits.ts";

/** STUN and TURN servers as a peer's WebRTC takes them. */
export interface IceHandout {
  readonly servers: readonly IceServer[];
  /** How long the credentials are good for new connections, in milliseconds; absent when there are none. */
  readonly expiresInMs?: number;
}

/** The part of WebRTC's RTCIceServer that a signaling server hands out. */
export interface IceServer {
  readonly urls: string[];
  readonly username?: string;
  readonly credential?: string;
}

/*
 * server -> peer
 *
 *   { "type": "ice", "ice": { "servers": [{ "urls": ["turn:…"], "username"?: …, "credential"?: … }, …],
 *     "expiresInMs"?: 7200000 } }
 *
 * Fresh credentials, instead of those of the welcome: sent when the peer announces and half of their life is over.
 */
export interface IceMessage {
  readonly type: "ice";
  readonly ice: IceHandout;
}

export function decodeIceMessage(fields: Fields): IceMessage {
  return { type: "ice", ice: decodeIceHandout(fields.raw("ice")) };
}

export function decodeIceHandout(value: unknown): IceHandout {
  const fields = new Fields(value);
  return {
    servers: fields.list("servers", MAX_ICE_SERVERS, decodeServer),
    ...fields.maybe("expiresInMs", () => fields.whole("expiresInMs", 1, MAX_DURATION_MS)),
  };
}

function decodeServer(value: unknown): IceServer {
  const fields = new Fields(value);
  return {
    urls: fields.list("urls", MAX_ICE_SERVERS, decodeText),
    ...fields.maybe("username", decodeText),
    ...fields.maybe("credential", decodeText),
  };
}

function decodeText(text: unknown): string {
  return new Fields({ text }).text("text", MAX_ICE_TEXT_LENGTH);
}
