import { createHash } from "node:crypto";
import { RivuletError, second } from "@rivulet/sdk/protocol";
import { errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { NO_TOKENS, readClaims, type TokenRefusal, type TokenResult, type TokenVerifier } from "./grant.ts";
import { openKeySet } from "./key-set.ts";

export interface TokenOptions {
  /** Secret of tokens signed with HS256, 32 bytes or more. With neither it nor `tokenJwks`, no token is asked for. */
  readonly tokenSecret: string | undefined;
  /** File or URL of a JSON Web Key Set. */
  readonly tokenJwks: string | undefined;
  /** The `aud` that a token must have. */
  readonly tokenAudience: string;
}

export interface TokenSurroundings {
  /** Milliseconds of the epoch. */
  readonly epochNow: () => number;
  /** Hears why the key set cannot be had, at most once a cool-down. */
  readonly onKeysUnreachable: (cause: unknown) => void;
  /** Milliseconds from one fetch of the key set to the next for a key that it does not have, or after a failure. */
  readonly coolDownMs?: number;
}

/** What is longer is not looked into: a URL is no place for more. */
export const MAX_TOKEN_LENGTH = 4096;
const MIN_SECRET_BYTES = 32;
/** The issuer's clock and this one's differ by no more than this. */
const CLOCK_TOLERANCE_MS = 5 * second;
const COOL_DOWN_MS = 10 * second;

/** Never `none`; and no HS256 where keys are public, or anybody could sign with the public key as the secret. */
const KEY_SET_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"];

interface Keys {
  readonly algorithms: string[];
  readonly keyOf: JWTVerifyGetKey;
  /** Whether a key that is not there may turn up when the set is fetched again. */
  readonly mayLackKeys: () => boolean;
}

/**
 * Verifies JSON Web Tokens (RFC 7519) by `jose`. `exp` and `aud` are required, see `readClaims` for the rest.
 * @throws RivuletError `bad-option` when the secret is short, both kinds of keys are given, or a file holds none.
 */
export async function tokenVerifier(
  options: TokenOptions,
  surroundings: TokenSurroundings,
): Promise<TokenVerifier> {
  const keys = await openKeys(options, surroundings);
  if (keys === undefined) return NO_TOKENS;
  return { verify: (token) => verify(token, { keys, audience: options.tokenAudience, surroundings }) };
}

async function openKeys(
  { tokenSecret, tokenJwks }: TokenOptions,
  { coolDownMs = COOL_DOWN_MS, onKeysUnreachable }: TokenSurroundings,
): Promise<Keys | undefined> {
  if (tokenSecret !== undefined && tokenJwks !== undefined) {
    throw new RivuletError(
      "bad-option",
      "Tokens are verified with a secret or with a key set, not with both.",
    );
  }
  if (tokenSecret !== undefined) {
    const key = new TextEncoder().encode(tokenSecret);
    // As long as the hash: RFC 7518 §3.2.
    if (key.length < MIN_SECRET_BYTES) {
      throw new RivuletError("bad-option", `A token secret is at least ${MIN_SECRET_BYTES} bytes.`);
    }
    return { algorithms: ["HS256"], keyOf: () => Promise.resolve(key), mayLackKeys: () => false };
  }
  if (tokenJwks === undefined) return undefined;
  const set = await openKeySet(tokenJwks, { coolDownMs, onUnreachable: onKeysUnreachable });
  return { algorithms: KEY_SET_ALGORITHMS, keyOf: set.keyOf, mayLackKeys: () => set.coolingDown };
}

async function verify(
  token: string | undefined,
  context: { readonly keys: Keys; readonly audience: string; readonly surroundings: TokenSurroundings },
): Promise<TokenResult> {
  const { keys, audience, surroundings } = context;
  if (token === undefined || token === "") {
    return {
      refusal: { code: "token-missing", message: "This server asks for a token: ?token=… in its URL." },
    };
  }
  if (token.length > MAX_TOKEN_LENGTH) return invalid(`A token is at most ${MAX_TOKEN_LENGTH} characters.`);
  // Asked before: a key that is missing from a set which was fetched for it really is missing.
  const mayLackKeys = keys.mayLackKeys();
  try {
    const { payload } = await jwtVerify(token, keys.keyOf, {
      algorithms: keys.algorithms,
      audience,
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_TOLERANCE_MS / second,
      currentDate: new Date(surroundings.epochNow()),
    });
    // Of what is signed: the signature itself can be written in more ways than one, and each would be another holder.
    const signed = token.slice(0, token.lastIndexOf("."));
    const hash = createHash("sha256").update(signed).digest("base64url");
    return readClaims(payload, { hash, toleranceMs: CLOCK_TOLERANCE_MS });
  } catch (error) {
    return { refusal: refusalOf(error, mayLackKeys) };
  }
}

/** What `jose` finds wrong with a token itself; all else is wrong with the keys, and may pass. */
const TOKEN_FAULTS: ReadonlySet<string> = new Set([
  errors.JWTInvalid.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

/** In words of our own: `jose`'s may come to repeat what the token says. */
function refusalOf(error: unknown, mayLackKeys: boolean): TokenRefusal {
  if (error instanceof errors.JWTExpired) return { code: "token-expired", message: "The token has expired." };
  if (error instanceof errors.JWKSNoMatchingKey && mayLackKeys) {
    return unverifiable("The token's key is not among those that are known yet; try again soon.");
  }
  if (!(error instanceof errors.JOSEError) || !TOKEN_FAULTS.has(error.code)) {
    return unverifiable("The keys that tokens are verified with cannot be had; try again soon.");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(`The token's "${error.claim}" is missing, or not what this server asks for.`).refusal;
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalid("Several keys could have signed the token; it must name one in its header's kid.").refusal;
  }
  return invalid("The token is malformed, or not signed with a key and an algorithm that this server takes.")
    .refusal;
}

function unverifiable(message: string): TokenRefusal {
  return { code: "token-unverifiable", message };
}

function invalid(message: string): { readonly refusal: TokenRefusal } {
  return { refusal: { code: "token-invalid", message } };
}
