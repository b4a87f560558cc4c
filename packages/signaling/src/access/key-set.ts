import { readFile } from "node:fs/promises";
import { RivuletError, second } from "@rivulet/sdk/protocol";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";

/** The public keys of whoever issues tokens (RFC 7517), fetched again as they change. */
export interface KeySet {
  /** The key that a token's header names. Throws `JWKSNoMatchingKey`, or whatever kept the set from being had. */
  readonly keyOf: JWTVerifyGetKey;
  /** True when the set was fetched so recently that a key which is missing is not looked for again. */
  readonly coolingDown: boolean;
}

interface KeySetOptions {
  readonly coolDownMs: number;
  readonly onUnreachable: (cause: unknown) => void;
}

const FETCH_TIMEOUT_MS = 5 * second;
/** After so long it is fetched again, so that a key which was withdrawn is no longer taken. */
const MAX_AGE_MS = 600 * second;
/** A key takes less than a thousand bytes, and nobody has a hundred of them. */
const MAX_BYTES = 256 * 1024;
/** Where `jose` believes a file to be. */
const FILE_URL = new URL("https://file.invalid");

/**
 * `place`: an http or https URL, or a path. A file is read once now.
 * @throws RivuletError `bad-option` when the file cannot be read or holds no key set.
 */
export async function openKeySet(place: string, options: KeySetOptions): Promise<KeySet> {
  if (/^https?:\/\//i.test(place)) return keptKeySet(new URL(place), fetchText, options);
  // A file goes the same way as a URL, so that both have one cache and one cool-down: those of `jose`.
  const readText = () => readFile(place, "utf8");
  try {
    readKeySet(await readText());
  } catch (cause) {
    throw new RivuletError("bad-option", `There is no JSON Web Key Set in ${place}.`, { cause });
  }
  return keptKeySet(FILE_URL, readText, options);
}

type GetText = (url: string, init: RequestInit) => Promise<string>;

function keptKeySet(url: URL, getText: GetText, { coolDownMs, onUnreachable }: KeySetOptions): KeySet {
  let failure: { readonly cause: unknown; readonly at: number } | undefined;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: coolDownMs,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: async (href: string, init: RequestInit) => {
      // `jose` has no cool-down after a failure: each newcomer would ask a server that is down.
      if (failure !== undefined && performance.now() - failure.at < coolDownMs) throw failure.cause;
      try {
        const response = Response.json(readKeySet(await getText(href, init)));
        failure = undefined;
        return response;
      } catch (cause) {
        failure = { cause, at: performance.now() };
        onUnreachable(cause);
        throw cause;
      }
    },
  });
  return {
    keyOf: keys,
    get coolingDown() {
      return failure !== undefined || keys.coolingDown;
    },
  };
}

/** Throws when the text is no key set. */
function readKeySet(text: string): unknown {
  const set: unknown = JSON.parse(text);
  if (typeof set !== "object" || set === null || !("keys" in set) || !Array.isArray(set.keys)) {
    throw new errors.JWKSInvalid("A JSON Web Key Set is an object with a list of keys.");
  }
  return createLocalJWKSet({ keys: set.keys }).jwks();
}

const fetchText: GetText = async (url, init) => {
  const response = await fetch(url, init);
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`The answer's status is ${response.status}, not 200.`);
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`A key set is at most ${MAX_BYTES} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};
