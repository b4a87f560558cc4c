import { readFileSync } from "node:fs";
import { type Random, seededRandom } from "#sdk/base/random.ts";

/** How a page comes to load a file. */
export type AssetKind =
  | "image"
  | "srcset"
  | "background"
  | "font"
  | "json"
  | "wasm"
  | "binary"
  | "module"
  | "video"
  | "audio";

export const SUFFIXES: Readonly<Record<AssetKind, string>> = {
  image: "bmp",
  srcset: "bmp",
  background: "bmp",
  font: "woff2",
  json: "json",
  wasm: "wasm",
  binary: "bin",
  module: "js",
  video: "mp4",
  audio: "mp4",
};

/** Films that play, with an index and no further files; what is wanted of other sizes is padded. */
const FILMS = {
  video: readFileSync(new URL("../../media/video.mp4", import.meta.url)),
  audio: readFileSync(new URL("../../media/audio.mp4", import.meta.url)),
};

/** The least that a file of a kind can have, bytes. */
export function leastBytes(kind: AssetKind): number {
  return kind === "video" || kind === "audio" ? FILMS[kind].byteLength + 16 : 256;
}

/**
 * A file of a kind that browsers take for valid, of exactly so many bytes, most of them noise. The same seed always gives
 * the same bytes, another one others. (Fonts are the exception: browsers load them and find that they are none.)
 */
export function assetBytes(kind: AssetKind, sizeBytes: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  switch (kind) {
    case "image":
    case "srcset":
    case "background":
      return bitmap(sizeBytes, random);
    case "json":
      return withText('{"noise":"', '"}', sizeBytes, random);
    case "module":
      return withText("export const loaded = true; /* ", " */", sizeBytes, random);
    case "wasm":
      return webAssembly(sizeBytes, random);
    case "video":
    case "audio":
      return film(FILMS[kind], sizeBytes, random);
    case "font":
    case "binary":
      return noise(sizeBytes, random);
    default:
      return kind satisfies never;
  }
}

function noise(sizeBytes: number, random: Random): Buffer {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4));
  for (let i = 0; i < words.length; i++) words[i] = random.below(2 ** 32);
  return Buffer.from(words.buffer, 0, sizeBytes);
}

function withText(before: string, after: string, sizeBytes: number, random: Random): Buffer {
  const between = sizeBytes - before.length - after.length;
  return Buffer.from(before + noise(between, random).toString("base64").slice(0, between) + after);
}

/** 24 bits a pixel, about square; what is left over lies behind the pixels, where nobody looks. */
function bitmap(sizeBytes: number, random: Random): Buffer {
  const headBytes = 54;
  const width = Math.max(4, Math.floor(Math.sqrt(sizeBytes / 3) / 4) * 4);
  const height = Math.floor((sizeBytes - headBytes) / (width * 3));
  const bytes = noise(sizeBytes, random);
  bytes.fill(0, 0, headBytes);
  bytes.write("BM", 0, "latin1");
  bytes.writeUInt32LE(sizeBytes, 2);
  bytes.writeUInt32LE(headBytes, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.writeUInt32LE(width * height * 3, 34);
  return bytes;
}

/** A module without code whose one custom section is the noise (https://webassembly.github.io/spec/core/appendix/custom.html). */
function webAssembly(sizeBytes: number, random: Random): Buffer {
  const magicAndVersion = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const head = (sectionBytes: number) => [...magicAndVersion, 0, ...fourByteLeb(sectionBytes), 1, 0x6e];
  const sectionBytes = sizeBytes - magicAndVersion.length - 5;
  const start = head(sectionBytes);
  return Buffer.concat([Buffer.from(start), noise(sizeBytes - start.length, random)]);
}

/** LEB128, with leading zeros where the number needs fewer. */
function fourByteLeb(value: number): number[] {
  return [0, 7, 14, 21].map((shift, i) => ((value >> shift) & 127) | (i < 3 ? 128 : 0));
}

/** The noise is a `free` box (ISO/IEC 14496-12 §8.1.2) behind the first box, so that a player has to read past it. */
function film(whole: Buffer, sizeBytes: number, random: Random): Buffer {
  const firstBox = whole.readUInt32BE(0);
  const freeBytes = sizeBytes - whole.byteLength;
  const free = noise(freeBytes, random);
  free.writeUInt32BE(freeBytes, 0);
  free.write("free", 4, "latin1");
  return Buffer.concat([whole.subarray(0, firstBox), free, whole.subarray(firstBox)]);
}
