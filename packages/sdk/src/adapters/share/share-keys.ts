import { concatBytes, equalBytes, toHex } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { type ContentId, parseContentId } from "../../base/ids.ts";
import { KEY_PRINT_BYTES, type ShareToken } from "../../content/share/share-link.ts";

/*
 * The cryptography of shares, all of it Web Crypto's; what is derived from what, and why, is in docs/security.md.
 */

/** OWASP's figure for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). */
const PASSWORD_ITERATIONS = 600_000;
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const text = (words: string) => Uint8Array.from(new TextEncoder().encode(words));
const SALT = text("rivulet share 1");

/** What a link is worth to those who have it. */
export interface ShareKeys {
  /** Where its people meet: all that the signaling server learns of it. */
  readonly content: ContentId;
  /** Who can make this of a message knows the link, and the password if there is one. */
  prove(message: Uint8Array): Promise<Uint8Array>;
}

/** @throws RivuletError `password-needed` when the link asks for one. */
export async function deriveShareKeys(token: ShareToken, password = ""): Promise<ShareKeys> {
  if (token.needsPassword && password === "")
    throw new RivuletError("password-needed", "This link needs a password: ask whoever sent it.");
  const subtle = webCrypto();
  const link = concatBytes([token.secret, token.keyPrint]);
  const fromLink = await derivation(subtle, link);
  const content = parseContentId(toHex(await fromLink("lookup")));
  const stretched = token.needsPassword
    ? await stretch(subtle, password, await fromLink("password salt"))
    : new Uint8Array(0);
  const proof = await (await derivation(subtle, concatBytes([link, stretched])))("proof");
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", owned(proof), hmac, false, ["sign"]);
  return {
    content,
    prove: async (message) => new Uint8Array(await subtle.sign("HMAC", key, owned(message))),
  };
}

/** Whoever shares: only this program can say what is shared, for as long as it runs. */
export interface ShareSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export async function createShareSigner(): Promise<ShareSigner> {
  const subtle = webCrypto();
  const { privateKey, publicKey } = await subtle.generateKey(SIGNING, false, ["sign", "verify"]);
  return {
    publicKey: new Uint8Array(await subtle.exportKey("raw", publicKey)),
    sign: async (message) => new Uint8Array(await subtle.sign(SIGNATURE, privateKey, owned(message))),
  };
}

/** True for a signature of the message. */
export type CheckSignature = (message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Undefined for what is no key, or another than the link names. */
export async function importShareKey(
  publicKey: Uint8Array,
  keyPrint: Uint8Array,
): Promise<CheckSignature | undefined> {
  if (!equalBytes(await printOfKey(publicKey), keyPrint)) return undefined;
  const subtle = webCrypto();
  const key = await subtle
    .importKey("raw", owned(publicKey), SIGNING, false, ["verify"])
    .catch(() => undefined);
  return key && ((message, signature) => subtle.verify(SIGNATURE, key, owned(signature), owned(message)));
}

/** What a link says of the sender's key. */
export async function printOfKey(publicKey: Uint8Array): Promise<Uint8Array> {
  const digest = await webCrypto().digest("SHA-256", owned(publicKey));
  return new Uint8Array(digest, 0, KEY_PRINT_BYTES);
}

/** HKDF (RFC 5869): 32 bytes for each purpose. */
async function derivation(
  subtle: SubtleCrypto,
  secret: Uint8Array,
): Promise<(purpose: string) => Promise<Uint8Array>> {
  const key = await subtle.importKey("raw", owned(secret), "HKDF", false, ["deriveBits"]);
  return async (purpose) => {
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: SALT, info: text(purpose) };
    return new Uint8Array(await subtle.deriveBits(hkdf, key, 256));
  };
}

/** PBKDF2 (RFC 8018). The same characters count as the same, however a keyboard composes them. */
async function stretch(subtle: SubtleCrypto, password: string, salt: Uint8Array): Promise<Uint8Array> {
  const key = await subtle.importKey("raw", text(password.normalize("NFKC")), "PBKDF2", false, [
    "deriveBits",
  ]);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-256", salt: owned(salt), iterations: PASSWORD_ITERATIONS };
  return new Uint8Array(await subtle.deriveBits(pbkdf2, key, 256));
}

function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) return subtle;
  throw new RivuletError(
    "insecure-context",
    "Files cannot be shared here: crypto.subtle is missing. Serve the page over https, or open it on http://localhost.",
  );
}

/** Web Crypto takes no shared memory; these are short. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
