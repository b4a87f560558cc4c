import { anyText, keySetPlace, longEnough, originText } from "../readers.ts";
import { MANY, type RowsFor } from "../rows.ts";

export interface AccessOptions {
  /** Page origins whose scripts may connect, such as `https://www.example`; when empty, any may, and so may programs. */
  readonly allowOrigins: readonly string[];
  /** Secret of tokens signed with HS256, 32 bytes or more. With it or `tokenJwks`, nobody comes in without a token. */
  readonly tokenSecret: string | undefined;
  /** File or https URL of the JSON Web Key Set whose keys sign tokens. */
  readonly tokenJwks: string | undefined;
  /** The `aud` that a token must have. */
  readonly tokenAudience: string;
  /** Open WebSocket connections of one token holder. */
  readonly maxConnectionsPerToken: number;
}

/** As long as the hash: RFC 7518 §3.2. */
const MIN_SECRET_BYTES = 32;

export const ACCESS: RowsFor<AccessOptions> = {
  allowOrigins: {
    kind: "list",
    default: [],
    flag: "allow-origin",
    read: originText,
    takes: "origins such as https://www.example",
    value: "URL",
    help: "page origin that may connect; none: any may",
  },
  tokenSecret: {
    kind: "secret",
    default: undefined,
    read: longEnough(MIN_SECRET_BYTES),
    takes: `a secret of at least ${MIN_SECRET_BYTES} bytes`,
    value: "SECRET",
    help: "secret of tokens signed with HS256; clients need a token then",
  },
  tokenJwks: {
    kind: "text",
    default: undefined,
    read: keySetPlace,
    takes: "a path or an https URL",
    value: "PLACE",
    help: "file or https URL of the key set that signs tokens; clients need a token then",
  },
  tokenAudience: {
    kind: "text",
    default: "rivulet",
    read: anyText,
    takes: "the audience that tokens name",
    value: "TEXT",
    help: "the aud that a token must have",
  },
  maxConnectionsPerToken: {
    kind: "number",
    default: 10,
    min: 1,
    max: MANY,
    value: "N",
    help: "open connections of one token holder",
  },
};
