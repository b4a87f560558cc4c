import { fromBase64Url, toBase64Url } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";

/** Random bytes that only those who have the link know. */
export const LINK_SECRET_BYTES = 16;
/** The head of SHA-256 of the sender's public key: nobody else can say what is shared. */
export const KEY_PRINT_BYTES = 16;

/** What a link says to those who have it. */
export interface ShareToken {
  readonly secret: Uint8Array;
  readonly keyPrint: Uint8Array;
  /** The link alone is not enough. */
  readonly needsPassword: boolean;
}

/** Version 1 in the upper half, flags in the lower. */
const VERSION = 0x10;
const NEEDS_PASSWORD = 0x01;
const TOKEN = /^[\w-]{44}$/;

/** The 44 characters behind a link's `#`. */
export function writeShareToken({ secret, keyPrint, needsPassword }: ShareToken): string {
  const bytes = new Uint8Array(1 + LINK_SECRET_BYTES + KEY_PRINT_BYTES);
  bytes[0] = VERSION | (needsPassword ? NEEDS_PASSWORD : 0);
  bytes.set(secret, 1);
  bytes.set(keyPrint, 1 + LINK_SECRET_BYTES);
  return toBase64Url(bytes);
}

/** @throws RivuletError `bad-link`. */
export function readShareToken(text: string): ShareToken {
  const bytes = TOKEN.test(text) ? fromBase64Url(text) : undefined;
  if (!bytes) throw badLink("is incomplete or mistyped: copy all of it");
  const head = bytes[0] as number;
  if ((head & 0xf0) !== VERSION || (head & 0x0e) !== 0)
    throw badLink("was made by a later version: reload the page");
  return {
    secret: bytes.slice(1, 1 + LINK_SECRET_BYTES),
    keyPrint: bytes.slice(1 + LINK_SECRET_BYTES),
    needsPassword: (head & NEEDS_PASSWORD) !== 0,
  };
}

/** What somebody pasted: a whole link, or what is behind its `#`. */
export interface ShareLink {
  readonly token: string;
  readonly needsPassword: boolean;
  /** The page that the link leads to, without what is behind `#`; undefined when only that was given. */
  readonly page: string | undefined;
}

/** @throws RivuletError `bad-link`. */
export function readShareLink(text: string): ShareLink {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  const token = trimmed.slice(hash + 1);
  const { needsPassword } = readShareToken(token);
  return { token, needsPassword, page: hash > 0 ? trimmed.slice(0, hash) : undefined };
}

function badLink(why: string): RivuletError {
  return new RivuletError("bad-link", `The link ${why}.`);
}
