import { concatBytes, fromBase64Url } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";

/** Ed25519 (RFC 8032) over the context and the manifest's bytes, as base64url. */
export const SIGNATURE_HEADER = "rivulet-signature";

/** What is signed begins with this, so that what was signed for another purpose is no manifest. */
const CONTEXT = "rivulet manifest 1\n";

const raw = (text: string) => Uint8Array.from(fromBase64Url(text) ?? []);

/**
 * Checks that a manifest is signed with a key, which is 32 bytes as base64url.
 * @throws RivuletError `manifest-untrusted`, also where the browser cannot tell.
 */
export async function checkSignature(
  bytes: Uint8Array,
  { key, signature }: { readonly key: string; readonly signature: string | null },
): Promise<void> {
  const signed = concatBytes([new TextEncoder().encode(CONTEXT), bytes]);
  let why = "is not signed with `manifestKey`";
  try {
    const { subtle } = globalThis.crypto;
    const imported = await subtle.importKey("raw", raw(key), "Ed25519", false, ["verify"]);
    if (await subtle.verify("Ed25519", imported, raw(signature ?? ""), Uint8Array.from(signed))) return;
  } catch {
    why = "cannot be checked: this browser lacks Ed25519";
  }
  throw new RivuletError("manifest-untrusted", `The manifest ${why}.`);
}
