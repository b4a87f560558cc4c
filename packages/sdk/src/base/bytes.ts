import { RivuletError } from "./errors.ts";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Reads lower-case hex digits; throws `frame-malformed` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) {
    throw new RivuletError("frame-malformed", "Expected an even number of lower-case hex digits.");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** Base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/[+/=]/g, (character) => ({ "+": "-", "/": "_" })[character] ?? "");
}

/** Reads base64url without padding; throws `manifest-malformed` on another alphabet, length or stray bits. */
export function fromBase64Url(text: string): Uint8Array {
  try {
    const binary = atob(text.replace(/[-_]/g, (character) => (character === "-" ? "+" : "/")));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // `atob` lets pass what is not the one way to write these bytes.
    if (toBase64Url(bytes) === text) return bytes;
  } catch {
    // Thrown below.
  }
  throw new RivuletError("manifest-malformed", "A hash is not in base64url without padding.");
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
