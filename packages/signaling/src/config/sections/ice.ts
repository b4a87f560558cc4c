import { minute } from "@rivulet/sdk/protocol";
import { anyText, stunUrl, turnUrl } from "../readers.ts";
import type { RowsFor } from "../rows.ts";

export interface IceOptions {
  /** STUN servers that clients are told of, such as `stun:stun.example:3478`. */
  readonly stunUrls: readonly string[];
  /** TURN servers that clients are told of, with a credential each; needs `turnSecret`. */
  readonly turnUrls: readonly string[];
  /** What the TURN server has as `static-auth-secret`. */
  readonly turnSecret: string | undefined;
  /** Milliseconds for which a TURN credential is good. */
  readonly turnTtlMs: number;
}

const hour = 60 * minute;

export const ICE: RowsFor<IceOptions> = {
  stunUrls: {
    kind: "list",
    default: [],
    read: stunUrl,
    takes: "URLs such as stun:stun.example:3478",
    value: "LIST",
    help: "STUN servers that clients are told of",
  },
  turnUrls: {
    kind: "list",
    default: [],
    read: turnUrl,
    takes: "URLs such as turn:turn.example:3478?transport=udp",
    value: "LIST",
    help: "TURN servers that clients are told of; needs --turn-secret",
  },
  turnSecret: {
    kind: "secret",
    default: undefined,
    read: anyText,
    takes: "the TURN server's static-auth-secret",
    value: "SECRET",
    help: "the TURN server's static-auth-secret",
  },
  turnTtlMs: {
    kind: "number",
    default: 2 * hour,
    // Coturn and the clients read clocks in seconds that may differ by some.
    min: minute,
    max: 30 * 24 * hour,
    value: "MS",
    help: "how long a TURN credential is good",
  },
};
