import type { Fields } from "./fields.ts";
import { MAX_DURATION_MS } from "./limits.ts";

/*
 * server -> peer, the answer to hello
 *
 *   { "type": "welcome", "version": 1, "heartbeatMs": 30000 }
 */
export interface WelcomeMessage {
  readonly type: "welcome";
  readonly version: number;
  /** How often the server pings, in milliseconds: a connection silent for much longer is dead on either side. */
  readonly heartbeatMs: number;
}

export function decodeWelcomeMessage(fields: Fields): WelcomeMessage {
  return {
    type: "welcome",
    version: fields.whole("version", 0, 0xffff),
    heartbeatMs: fields.whole("heartbeatMs", 1, MAX_DURATION_MS),
  };
}
