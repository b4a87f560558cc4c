import { createHash } from "node:crypto";
import {
  type ContentId,
  type DialId,
  type PeerId,
  parseContentId,
  parseDialId,
  parsePeerId,
} from "@rivulet/sdk/protocol";

export interface Identity {
  readonly peer: PeerId;
  readonly secret: string;
}

/** The n-th peer of a test, with the secret that proves it. */
export function identity(n: number): Identity {
  const secret = n.toString(16).padStart(64, "0");
  return { secret, peer: peerOf(secret) };
}

/** As the protocol defines it, written apart from the server's own code. */
function peerOf(secret: string): PeerId {
  return parsePeerId(createHash("sha256").update(secret, "hex").digest().subarray(0, 16).toString("hex"));
}

export function contentNo(n: number): ContentId {
  return parseContentId(n.toString(16).padStart(64, "c"));
}

export function dialNo(n: number): DialId {
  return parseDialId(n.toString(16).padStart(16, "d"));
}
