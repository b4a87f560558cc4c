import { RivuletError } from "../base/errors.ts";
import type { Hasher } from "../engine/ports.ts";

/**
 * SHA-256 by the browser (or Node), off the calling thread.
 * @throws RivuletError `insecure-context` at once when there is no Web Crypto: browsers withhold it from pages that came
 * over plain http from anywhere but this machine.
 */
export function webCryptoSha256(
  crypto: Partial<Pick<Crypto, "subtle">> | undefined = globalThis.crypto,
): Hasher {
  const subtle = crypto?.subtle;
  if (!subtle) {
    throw new RivuletError(
      "insecure-context",
      "Pieces cannot be verified here: crypto.subtle is missing. Serve the page over https, or open it on http://localhost.",
    );
  }
  return async (bytes) => new Uint8Array(await subtle.digest("SHA-256", overArrayBuffer(bytes)));
}

/** Web Crypto refuses shared memory, so only bytes in shared memory are copied. */
function overArrayBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
