import type { Fields } from "./fields.ts";
import { decodeIceHandout, type IceHandout } from "./ice.ts";
import { MAX_DURATION_MS } from "./limits.ts";

/*
 * server -> peer, the answer to hello
 *
 *   { "type": "welcome", "version": 1, "heartbeatMs": 30000, "ice"?: { … } }
 */
export interface WelcomeMessage {
  readonly type: "welcome";
  readonly version: number;
  /** How often the server pings, in milliseconds: a connection silent for much longer is dead on either side. */
  readonly heartbeatMs: number;
  /** STUN and TURN servers for this connection, see `IceMessage`. */
  readonly ice?: IceHandout;
}

export function decodeWelcomeMessage(fields: Fields): WelcomeMessage {
  return {
    type: "welcome",
    version: fields.whole("version", 0, 0xffff),
    heartbeatMs: fields.whole("heartbeatMs", 1, MAX_DURATION_MS),
    ...fields.maybe("ice", decodeIceHandout),
  };
}
