import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes, fromHex, toHex } from "#sdk/base/bytes.ts";
import { type ErrorCode, RivuletError } from "#sdk/base/errors.ts";
import { decodeFrame, encodeFrame, writeFrame } from "#sdk/protocol/frame.ts";
import {
  MAX_CHUNK_BYTES,
  MAX_EXCHANGED_PEERS,
  MAX_FETCHING_RUNS,
  MAX_FRAME_BYTES,
  MAX_HAVE_PIECES,
  MAX_INTEREST_RUNS,
  MAX_INTRODUCTION_BYTES,
  MAX_PIECES,
  MAX_ROSTER_ENTRIES,
} from "#sdk/protocol/limits.ts";
import { frameVectors } from "./frame-vectors.ts";

for (const { name, hex, bytes, frame } of frameVectors()) {
  test(`the ${name} frame is written and read as its vector says`, () => {
    assert.equal(toHex(encodeFrame(frame)), hex);
    assert.deepEqual(decodeFrame(bytes), frame);
  });
}

test("there is a vector for every type of frame", () => {
  const types = new Set(frameVectors().map(({ bytes }) => bytes[0] as number));
  const expected = [...Array.from({ length: 14 }, (_, i) => i + 1), 0x10, 0x11, 0x12, 0x13, 0x14];
  assert.deepEqual(
    [...types].sort((a, b) => a - b),
    expected,
  );
});

function refuses(bytes: Uint8Array, code: ErrorCode): void {
  const isRefusal = (error: unknown): boolean => error instanceof RivuletError && error.code === code;
  assert.throws(
    () => decodeFrame(bytes),
    isRefusal,
    `${toHex(bytes.subarray(0, 40))} (${bytes.byteLength} B)`,
  );
}

/** A frame of this type whose body is so many zero bytes, after those given. */
function frameOf(type: number, bodyBytes: number, head = ""): Uint8Array {
  const bytes = new Uint8Array(8 + bodyBytes);
  bytes.set([type, 0, 0, 1]);
  bytes.set(fromHex(head), 8);
  return bytes;
}

const ENDLESS = new Set(["have", "interested", "fetching", "suggest", "chunk", "introduce", "roster"]);

test("a frame that ends early is refused, wherever it is cut", () => {
  for (const { name, bytes, frame } of frameVectors()) {
    // These are lists, or end in opaque bytes: cut between two entries they are shorter ones.
    if (ENDLESS.has(frame.type)) continue;
    for (let length = 0; length < bytes.byteLength; length++)
      refuses(bytes.subarray(0, length), "frame-malformed");
    assert.doesNotThrow(() => decodeFrame(bytes), name);
  }
});

test("a frame with bytes left over is refused", () => {
  for (const { bytes, frame } of frameVectors()) {
    if (frame.type === "chunk" || frame.type === "introduce") continue;
    refuses(concatBytes([bytes, Uint8Array.of(0)]), "frame-malformed");
  }
});

test("an unknown type is refused as such, a reserved byte that is set as malformed", () => {
  for (const type of [0x00, 0x0f, 0x15, 0xff]) refuses(frameOf(type, 0), "frame-unknown-type");
  for (const { bytes } of frameVectors()) {
    const changed = bytes.slice();
    changed[1] = 1;
    refuses(changed, "frame-malformed");
  }
});

test("a frame over the limit is refused before it is read", () => {
  refuses(new Uint8Array(MAX_FRAME_BYTES + 1), "frame-too-large");
  refuses(frameOf(0x0a, MAX_FRAME_BYTES - 8), "frame-malformed");
});

test("limits are reached and not passed", () => {
  assert.equal(decodeFrame(frameOf(0x0a, 8 + MAX_CHUNK_BYTES)).type, "chunk");
  refuses(frameOf(0x0a, 8 + MAX_CHUNK_BYTES + 1), "frame-malformed");
  refuses(frameOf(0x0a, 8), "frame-malformed");

  assert.equal(decodeFrame(frameOf(0x04, 4 * MAX_HAVE_PIECES)).type, "have");
  for (const body of [0, 4 * MAX_HAVE_PIECES + 4, 5]) refuses(frameOf(0x04, body), "frame-malformed");

  assert.equal(decodeFrame(frameOf(0x05, 2 + 8 * MAX_INTEREST_RUNS)).type, "interested");
  for (const body of [2 + 8 * MAX_INTEREST_RUNS + 8, 6, 1, 0])
    refuses(frameOf(0x05, body), "frame-malformed");

  for (const [length, isFine] of [
    ["00000000", false],
    ["00000001", true],
    ["00010000", true],
    ["00010001", false],
    ["ffffffff", false],
  ] as const) {
    const bytes = frameOf(0x08, 12, `0000000000000000${length}`);
    if (isFine) assert.equal(decodeFrame(bytes).type, "request");
    else refuses(bytes, "frame-malformed");
  }
});

test("gossip is bounded before anything is read of it", () => {
  assert.equal(decodeFrame(frameOf(0x10, 2 + 33 * MAX_EXCHANGED_PEERS, "3232")).type, "peers");
  refuses(frameOf(0x10, 2 + 17 * 51, "3300"), "frame-malformed");
  refuses(frameOf(0x10, 2 + 16 * 51, "0033"), "frame-malformed");
  refuses(frameOf(0x10, 2 + 17, `0100${"00".repeat(16)}02`), "frame-malformed");
  assert.equal(decodeFrame(frameOf(0x11, 25 + MAX_INTRODUCTION_BYTES, "01")).type, "introduce");
  for (const [bytes, way] of [
    [MAX_INTRODUCTION_BYTES + 1, "01"],
    [1, "01"],
    [2, "00"],
    [2, "03"],
  ] as const)
    refuses(frameOf(0x11, 25 + bytes, way), "frame-malformed");
  assert.equal(decodeFrame(frameOf(0x12, 17 * MAX_ROSTER_ENTRIES)).type, "roster");
  for (const body of [0, 16, 17 * MAX_ROSTER_ENTRIES + 17]) refuses(frameOf(0x12, body), "frame-malformed");
});

test("an open frame may have as many pieces as fit, and never speaks for the connection itself", () => {
  const count = (pieces: number): string => "00".repeat(37) + pieces.toString(16).padStart(8, "0");
  const full = frameOf(0x02, 41 + MAX_PIECES / 8, count(MAX_PIECES));
  assert.ok(full.byteLength <= MAX_FRAME_BYTES);
  assert.equal(decodeFrame(full).type, "open");
  refuses(frameOf(0x02, 41 + MAX_PIECES / 8 + 1, count(MAX_PIECES + 1)), "frame-malformed");
  refuses(frameOf(0x02, 41, count(0xffffffff)), "frame-malformed");
  const unbound = frameOf(0x02, 41, count(0));
  unbound[3] = 0;
  refuses(unbound, "frame-malformed");
});

test("an open frame's bitfield begins at piece 0, or, of a live content, at a multiple of eight", () => {
  const opened = (live: string, first: string) =>
    frameOf(0x02, 41, `${"00".repeat(32)}${live}${first}00000000`);
  assert.equal(decodeFrame(opened("00", "00000000")).type, "open");
  assert.equal(decodeFrame(opened("01", "fffffff8")).type, "open");
  for (const [live, first] of [
    ["00", "00000008"],
    ["01", "00000004"],
    ["02", "00000008"],
  ] as const)
    refuses(opened(live, first), "frame-malformed");
});

test("what is fetched from the origin is at most 16 runs", () => {
  assert.equal(decodeFrame(frameOf(0x14, 8 * MAX_FETCHING_RUNS)).type, "fetching");
  for (const body of [7, 8 * MAX_FETCHING_RUNS + 8]) refuses(frameOf(0x14, body), "frame-malformed");
});

test("reasons out of their lists are refused", () => {
  for (const reason of ["00", "04", "ff"]) refuses(frameOf(0x0b, 1, reason), "frame-malformed");
  for (const reason of ["00", "07", "ff"]) refuses(frameOf(0x0e, 1, reason), "frame-malformed");
});

test("a frame inside a larger buffer is read from its own place", () => {
  for (const { bytes, frame } of frameVectors()) {
    const surroundings = new Uint8Array(bytes.byteLength + 32).fill(0xee);
    surroundings.set(bytes, 13);
    assert.deepEqual(decodeFrame(surroundings.subarray(13, 13 + bytes.byteLength)), frame);
  }
});

test("what encodeFrame gave stays as it is when more is written; what writeFrame gave does not", () => {
  const ping = { type: "ping", handle: 0, request: 7 } as const;
  const pong = { type: "pong", handle: 0, request: 0x01020304 } as const;
  const [encoded, written] = [encodeFrame(ping), writeFrame(ping)];
  assert.deepEqual(written, encoded);
  encodeFrame(pong);
  assert.deepEqual(decodeFrame(encoded), ping);
  assert.deepEqual(decodeFrame(written), pong);
  assert.equal(encoded.buffer.byteLength, encoded.byteLength, "and holds no more memory than its own");
});

test("a frame that no peer would take is not written, and the largest is", () => {
  const head = { handle: 1, request: 1, piece: 0, offset: 0 } as const;
  const largest = MAX_FRAME_BYTES - 16;
  const chunk = (bytes: number) => ({ type: "chunk", ...head, data: new Uint8Array(bytes) }) as const;
  assert.equal(encodeFrame(chunk(largest)).byteLength, MAX_FRAME_BYTES);
  const pieces = Array.from({ length: MAX_FRAME_BYTES / 4 }, (_, piece) => piece);
  for (const frame of [chunk(largest + 1), { type: "have", handle: 1, request: 0, pieces } as const])
    assert.throws(
      () => encodeFrame(frame),
      (error) => error instanceof RivuletError && error.code === "frame-too-large",
    );
});

test("only bytes can be put on the wire", () => {
  const chunk = {
    type: "chunk",
    handle: 1,
    request: 1,
    piece: 0,
    offset: 0,
    data: { byteLength: 5 },
  } as const;
  assert.throws(() => encodeFrame(chunk), TypeError);
});
