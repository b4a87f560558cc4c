import { MIB } from "../../base/bytes.ts";

const BLOCK_BYTES = 4 * MIB;
/** How many bytes a step takes. */
const SLICES = 8;
/** For each place in a step, and each value of a byte there. */
const TABLE = table();

/**
 * CRC-32 as ZIP has it (polynomial 0xEDB88320), eight bytes a step: "slicing by 8" (Kounavis and Berry, "Novel
 * table lookup-based algorithms for high-performance CRC generation", 2008).
 * @param crc that of what comes before these bytes
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let sum = ~crc;
  let at = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const end = bytes.length - SLICES; at <= end; at += SLICES) {
    const low = sum ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    sum =
      of(7, low & 0xff) ^
      of(6, (low >>> 8) & 0xff) ^
      of(5, (low >>> 16) & 0xff) ^
      of(4, low >>> 24) ^
      of(3, high & 0xff) ^
      of(2, (high >>> 8) & 0xff) ^
      of(1, (high >>> 16) & 0xff) ^
      of(0, high >>> 24);
  }
  for (; at < bytes.length; at++) sum = of(0, (sum ^ view.getUint8(at)) & 0xff) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** That of each blob. They are read as one: a read costs about a millisecond beside its bytes, and blobs may be tiny. */
export async function blobCrcs(blobs: readonly Blob[]): Promise<number[]> {
  const crcs = blobs.map(() => 0);
  const whole = new Blob([...blobs]);
  let blob = 0;
  let left = blobs[0]?.size ?? 0;
  for (let start = 0; start < whole.size; start += BLOCK_BYTES) {
    let block = new Uint8Array(await whole.slice(start, start + BLOCK_BYTES).arrayBuffer());
    while (block.byteLength > 0) {
      const part = block.subarray(0, left);
      crcs[blob] = crc32(part, crcs[blob]);
      block = block.subarray(part.byteLength);
      left -= part.byteLength;
      if (left === 0) left = blobs[++blob]?.size ?? 0;
    }
  }
  return crcs;
}

function of(slice: number, byte: number): number {
  return TABLE[(slice << 8) | byte] as number;
}

function table(): Int32Array {
  const all = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    all[byte] = sum;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] as number;
    all[at] = (all[before & 0xff] as number) ^ (before >>> 8);
  }
  return all;
}
