import { createHash, randomInt } from "node:crypto";
import { parsePeerId, seededRandom } from "@rivulet/sdk/protocol";
import type { ServicePorts } from "./service.ts";

/** What the server takes from the process it runs in; a test gives it another. */
export interface Surroundings extends ServicePorts {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** One line for the operator, without its end. */
  readonly log: (line: string) => void;
}

const PEER_ID_HEX_DIGITS = 32;

export function nodeSurroundings(): Surroundings {
  return {
    now: () => performance.now(),
    log: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
    random: seededRandom(randomInt(2 ** 32)),
    peerOfSecret: (secret) => {
      const digest = createHash("sha256").update(Buffer.from(secret, "hex")).digest("hex");
      return parsePeerId(digest.slice(0, PEER_ID_HEX_DIGITS));
    },
  };
}
