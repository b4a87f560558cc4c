import {
  type IceHandout,
  type IceServer,
  MAX_DURATION_MS,
  MAX_ICE_SERVERS,
  RivuletError,
  second,
} from "@rivulet/sdk/protocol";

export interface IceOptions {
  /** Such as `stun:stun.example:3478`. */
  readonly stunUrls: readonly string[];
  /** Such as `turn:turn.example:3478?transport=udp`. */
  readonly turnUrls: readonly string[];
  /** What coturn calls `static-auth-secret`. */
  readonly turnSecret: string | undefined;
  /** How long a credential is good, in milliseconds. */
  readonly turnTtlMs: number;
}

/** HMAC-SHA1 of a text's UTF-8 with a key's, as base64 with padding. */
export type HmacSha1 = (key: string, text: string) => string;

/**
 * What the options say together; each URL was checked where options are read.
 * @throws RivuletError `bad-option` for more URLs than clients take, and for TURN servers without a secret.
 */
export function checkIceOptions({ stunUrls, turnUrls, turnSecret }: IceOptions): void {
  if (Math.max(stunUrls.length, turnUrls.length) > MAX_ICE_SERVERS) {
    throw new RivuletError(
      "bad-option",
      `Clients take at most ${MAX_ICE_SERVERS} STUN and as many TURN URLs.`,
    );
  }
  if (turnUrls.length > 0 && !turnSecret) {
    throw new RivuletError("bad-option", "A TURN server needs a secret, from which credentials are made.");
  }
}

/**
 * The STUN and TURN servers for one peer; undefined when there are none. The credential is good until it expires, for
 * nobody in particular: the peer's id in the name lets the TURN server's log and quotas tell peers apart. Coturn's
 * `use-auth-secret`, draft-uberti-behave-turn-rest-00.
 */
export function iceServersFor(
  { stunUrls, turnUrls, turnSecret, turnTtlMs }: IceOptions,
  {
    peer,
    epochNow,
    hmacSha1,
  }: { readonly peer: string; readonly epochNow: number; readonly hmacSha1: HmacSha1 },
): IceHandout | undefined {
  const servers: IceServer[] = stunUrls.length > 0 ? [{ urls: [...stunUrls] }] : [];
  if (turnUrls.length === 0 || turnSecret === undefined) {
    return servers.length > 0 ? { servers } : undefined;
  }
  const username = `${Math.floor((epochNow + turnTtlMs) / second)}:${peer}`;
  servers.push({ urls: [...turnUrls], username, credential: hmacSha1(turnSecret, username) });
  return { servers, expiresInMs: Math.min(turnTtlMs, MAX_DURATION_MS) };
}
