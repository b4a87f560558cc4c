import { createHash, createHmac, randomBytes, randomInt } from "node:crypto";
import { type PeerId, parsePeerId, type Random, seededRandom } from "@rivulet/sdk/protocol";
import type { LogLevel } from "./config/sections/operation.ts";
import { jsonLogger, type Logger } from "./operation/logger.ts";

/** What the server takes from the process it runs in; a test gives it another. */
export interface Surroundings {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds of the epoch. */
  readonly epochNow: () => number;
  readonly logger: Logger;
  readonly random: Random;
  /** The first 16 bytes of SHA-256 of the secret's 32 bytes; the secret is 64 lower-case hex digits. */
  readonly peerOfSecret: (secret: string) => PeerId;
  /** HMAC-SHA1 of a text's UTF-8 with a key's, as base64 with padding. */
  readonly hmacSha1: (key: string, text: string) => string;
  /** The name of this run of the server among the processes that share its rooms: 16 hex digits. */
  readonly processId: string;
}

const PEER_ID_HEX_DIGITS = 32;
const PROCESS_ID_BYTES = 8;

export function nodeSurroundings(logLevel: LogLevel): Surroundings {
  return {
    now: () => performance.now(),
    epochNow: () => Date.now(),
    logger: jsonLogger(logLevel),
    random: seededRandom(randomInt(2 ** 32)),
    peerOfSecret: (secret) => {
      const digest = createHash("sha256").update(Buffer.from(secret, "hex")).digest("hex");
      return parsePeerId(digest.slice(0, PEER_ID_HEX_DIGITS));
    },
    hmacSha1: (key, text) => createHmac("sha1", key).update(text).digest("base64"),
    processId: randomBytes(PROCESS_ID_BYTES).toString("hex"),
  };
}
