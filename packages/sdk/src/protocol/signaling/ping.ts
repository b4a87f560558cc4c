/*
 * peer -> server   { "type": "ping" }
 * server -> peer   { "type": "pong" }
 *
 * A browser's script sees no WebSocket ping, so a peer that wants to know whether its server still answers asks in a
 * message. Allowed before hello.
 */
export interface PingMessage {
  readonly type: "ping";
}

export interface PongMessage {
  readonly type: "pong";
}

export function decodePingMessage(): PingMessage {
  return { type: "ping" };
}

export function decodePongMessage(): PongMessage {
  return { type: "pong" };
}
