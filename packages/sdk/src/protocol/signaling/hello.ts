import { type PeerId, parsePeerId } from "../../base/ids.ts";
import { type Fields, malformed } from "./fields.ts";

/*
 * peer -> server, the first message on a connection
 *
 *   { "type": "hello", "version": 1, "peer": <32 hex digits>, "secret": <64 hex digits> }
 *
 * peer     the first 16 bytes of SHA-256(the secret's 32 bytes)
 * secret   known to this peer and shown to the server alone. Only its owner can claim the id, so a reconnect replaces
 *          its own dead connection at once, and nobody can take somebody else's id.
 */
export interface HelloMessage {
  readonly type: "hello";
  /** A server answers a version that it does not speak with the error `version`. */
  readonly version: number;
  readonly peer: PeerId;
  readonly secret: string;
}

const SECRET = /^[0-9a-f]{64}$/;
const MAX_VERSION = 0xffff;

export function decodeHelloMessage(fields: Fields): HelloMessage {
  return {
    type: "hello",
    version: fields.whole("version", 0, MAX_VERSION),
    peer: parsePeerId(fields.raw("peer")),
    secret: parseSecret(fields.raw("secret")),
  };
}

function parseSecret(value: unknown): string {
  // The error says nothing of the value: a secret that is nearly right must not end up in a log.
  if (typeof value !== "string" || !SECRET.test(value))
    throw malformed(`"secret" is 64 lower-case hex digits.`);
  return value;
}
