import type { SignalErrorCode } from "@rivulet/sdk/protocol";

export type Role = "viewer" | "super-peer";

/** What its token allows a client. Without tokens everybody has EVERYTHING. */
export interface Grant {
  /** Whose limits it is counted by: the token's subject, else its id, else its hash. */
  readonly holder: string | undefined;
  /** Content ids (64 hex digits) and info hashes (40), in lower case; undefined: all. */
  readonly contents: ReadonlySet<string> | undefined;
  readonly role: Role;
  /** Milliseconds of the epoch after which the connection is over. */
  readonly expiresAtMs: number | undefined;
}

export const EVERYTHING: Grant = {
  holder: undefined,
  contents: undefined,
  role: "viewer",
  expiresAtMs: undefined,
};

/** Somebody who was let in. */
export interface Caller {
  /** The name under which its address is counted. */
  readonly address: string;
  /** Callers of one group are near each other: the region header's value, or the address's network. */
  readonly group: string;
  readonly grant: Grant;
}

/** Why a token is not taken. `token-unverifiable` passes by itself: the same token may be taken later. */
export interface TokenRefusal {
  readonly code: Extract<
    SignalErrorCode,
    "token-missing" | "token-invalid" | "token-expired" | "token-unverifiable"
  >;
  /** For people; holds nothing of the token. */
  readonly message: string;
}

export type TokenResult = { readonly grant: Grant } | { readonly refusal: TokenRefusal };

export interface TokenVerifier {
  verify(token: string | undefined): Promise<TokenResult>;
}

/** A server without tokens. */
export const NO_TOKENS: TokenVerifier = { verify: () => Promise.resolve({ grant: EVERYTHING }) };

/** Whether the grant covers a content id or an info hash, given in lower case. */
export function allows({ contents }: Grant, content: string): boolean {
  return contents === undefined || contents.has(content);
}

const MAX_CONTENTS = 1000;
const MAX_NAME_LENGTH = 128;
const CONTENT = /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/i;

/**
 * Reads the claims of a token whose signature, audience and expiry were checked. `hash` names a holder that the token
 * does not; `toleranceMs`: how far the issuer's clock may be off.
 */
export function readClaims(
  claims: Readonly<Record<string, unknown>>,
  { hash, toleranceMs }: { readonly hash: string; readonly toleranceMs: number },
): TokenResult {
  const { exp, sub, jti, role = "viewer", contents } = claims;
  if (typeof exp !== "number") return invalid("exp", "is a time in seconds");
  if (!isName(sub)) return invalid("sub", `is a text of 1 to ${MAX_NAME_LENGTH} characters`);
  if (!isName(jti)) return invalid("jti", `is a text of 1 to ${MAX_NAME_LENGTH} characters`);
  if (role !== "viewer" && role !== "super-peer") return invalid("role", `is "viewer" or "super-peer"`);
  if (contents !== undefined && !isContentList(contents)) {
    return invalid("contents", `is a list of at most ${MAX_CONTENTS} content ids or info hashes`);
  }
  return {
    grant: {
      // The kind is part of it: what an issuer calls one's subject may be another's token id.
      holder: sub !== undefined ? `sub ${sub}` : jti !== undefined ? `jti ${jti}` : `hash ${hash}`,
      contents: contents && new Set(contents.map((content) => content.toLowerCase())),
      role,
      expiresAtMs: Math.min(exp * 1000 + toleranceMs, Number.MAX_SAFE_INTEGER),
    },
  };
}

function isName(value: unknown): value is string | undefined {
  if (value === undefined) return true;
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME_LENGTH;
}

function isContentList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_CONTENTS &&
    value.every((content) => typeof content === "string" && CONTENT.test(content))
  );
}

/** The claim's value is not repeated: it may be somebody's name. */
function invalid(claim: string, rule: string): TokenResult {
  return { refusal: { code: "token-invalid", message: `The token's "${claim}" ${rule}.` } };
}
