import { RivuletError } from "../../base/errors.ts";
import {
  MAC_BYTES,
  MAX_HASHES_PER_MESSAGE,
  MAX_LISTING_BYTES,
  MAX_LISTING_PART_BYTES,
  NONCE_BYTES,
  SHARE_VERSION,
  SIGNATURE_BYTES,
} from "./limits.ts";

/*
 * What the two ends of a share's connection say beside the engine's frames, on the same data channel. The first byte of
 * each has its highest bit set, which no frame's has. Numbers are big-endian.
 *
 *   80 greeting   version (1) | nonce (32)
 *   81 proof      knows (32) | bound (32)
 *   82 refusal    reason (1): 1 another version, 2 does not know the link or the password, 3 somebody sits in between
 *   83 ask        listing (4): from this byte on, 2³²−1 for not at all | hashes (4): from this piece on
 *   84 listing    length of the whole (4) | offset (4) | up to 49,152 bytes; of length 0: not known yet
 *   85 hashes     first piece (4) | signature (64) | 1 to 1,024 hashes of 32 bytes
 */
export type ShareMessage =
  | { readonly type: "greeting"; readonly version: number; readonly nonce: Uint8Array }
  | { readonly type: "proof"; readonly knows: Uint8Array; readonly bound: Uint8Array }
  | { readonly type: "refusal"; readonly reason: RefusalReason }
  | {
      readonly type: "ask";
      /** Undefined: the listing is known. */
      readonly listingFrom: number | undefined;
      readonly hashesFrom: number;
    }
  | {
      readonly type: "listing";
      readonly length: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "hashes"; readonly signed: SignedHashes };

/** The hashes of pieces in a row, as the sender of the share signed them together. */
export interface SignedHashes {
  readonly first: number;
  readonly signature: Uint8Array;
  /** 32 bytes each. */
  readonly hashes: Uint8Array;
}

export type RefusalReason = "version" | "unknown" | "intercepted";
const REASONS: readonly RefusalReason[] = ["version", "unknown", "intercepted"];

const GREETING = 0x80;
const PROOF = 0x81;
const REFUSAL = 0x82;
const ASK = 0x83;
const LISTING = 0x84;
const HASHES = 0x85;
const NOT_AT_ALL = 2 ** 32 - 1;
const HASH_BYTES = 32;

/** True for what `readShareMessage` reads; the engine's frames are everything else. */
export function isShareMessage(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x80) !== 0;
}

export function writeShareMessage(message: ShareMessage): Uint8Array {
  switch (message.type) {
    case "greeting":
      return pack([GREETING, message.version], message.nonce);
    case "proof":
      return pack([PROOF], message.knows, message.bound);
    case "refusal":
      return pack([REFUSAL, REASONS.indexOf(message.reason) + 1]);
    case "ask":
      return pack([ASK], uint32(message.listingFrom ?? NOT_AT_ALL), uint32(message.hashesFrom));
    case "listing":
      return pack([LISTING], uint32(message.length), uint32(message.offset), message.bytes);
    case "hashes":
      return pack([HASHES], uint32(message.signed.first), message.signed.signature, message.signed.hashes);
    default:
      return message satisfies never;
  }
}

/**
 * Reads one; what it holds are views into `bytes`.
 * @throws RivuletError `message-malformed`, `message-unknown-type`.
 */
export function readShareMessage(bytes: Uint8Array): ShareMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case GREETING:
      // Whatever a later version says after its number.
      if (body[0] !== undefined && body[0] !== SHARE_VERSION)
        return { type: "greeting", version: body[0], nonce: body.subarray(0, 0) };
      exact(body, 1 + NONCE_BYTES);
      return { type: "greeting", version: SHARE_VERSION, nonce: body.subarray(1) };
    case PROOF:
      exact(body, 2 * MAC_BYTES);
      return { type: "proof", knows: body.subarray(0, MAC_BYTES), bound: body.subarray(MAC_BYTES) };
    case REFUSAL:
      exact(body, 1);
      return { type: "refusal", reason: REASONS[(body[0] as number) - 1] ?? "unknown" };
    case ASK: {
      exact(body, 8);
      const from = view.getUint32(1);
      return {
        type: "ask",
        listingFrom: from === NOT_AT_ALL ? undefined : from,
        hashesFrom: view.getUint32(5),
      };
    }
    case LISTING: {
      within(body, 8, 8 + MAX_LISTING_PART_BYTES);
      const [length, offset, part] = [view.getUint32(1), view.getUint32(5), body.subarray(8)];
      if (length > MAX_LISTING_BYTES || offset + part.byteLength > length) throw malformed("listing");
      return { type: "listing", length, offset, bytes: part };
    }
    case HASHES: {
      const head = 4 + SIGNATURE_BYTES;
      within(body, head + HASH_BYTES, head + MAX_HASHES_PER_MESSAGE * HASH_BYTES);
      const hashes = body.subarray(head);
      if (hashes.byteLength % HASH_BYTES !== 0) throw malformed("hashes");
      return {
        type: "hashes",
        signed: { first: view.getUint32(1), signature: body.subarray(4, head), hashes },
      };
    }
    default:
      throw new RivuletError("message-unknown-type", `There is no share message ${bytes[0]}.`);
  }
}

function pack(head: readonly number[], ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, head.length);
  const bytes = new Uint8Array(length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function exact(body: Uint8Array, length: number): void {
  within(body, length, length);
}

function within(body: Uint8Array, least: number, most: number): void {
  if (body.byteLength < least || body.byteLength > most) throw malformed("length");
}

function malformed(what: string): RivuletError {
  return new RivuletError("message-malformed", `Malformed share message: ${what}.`);
}
