import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equalBytes, toHex } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { decodeFrame, encodeFrame, type Frame } from "#sdk/protocol/frame.ts";
import { MAX_FRAME_BYTES } from "#sdk/protocol/limits.ts";
import { frameVectors } from "./frame-vectors.ts";

/** RIVULET_SEED=… repeats a run; fast-check prints the seed and the smallest input when one fails. */
const seed = Number(process.env.RIVULET_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Bytes of an open frame's body before its bitfield: content id, live, first piece, piece count. */
const OPEN_HEAD = 32 + 1 + 4 + 4;
const vectors = frameVectors().map(({ bytes }) => bytes);

/** How many bytes or numbers a decoded frame holds: what a hostile frame could make its reader allocate. */
function heldBytes(frame: Frame): number {
  switch (frame.type) {
    case "have":
    case "suggest":
      return 4 * frame.pieces.length;
    case "interested":
      return 2 + 8 * frame.runs.length;
    case "fetching":
      return 8 * frame.runs.length;
    case "open":
      return frame.bits.byteLength;
    case "chunk":
      return frame.data.byteLength;
    case "peers":
      return 17 * frame.added.length + 16 * frame.dropped.length;
    case "introduce":
      return frame.signal.byteLength;
    case "roster":
      return 17 * frame.entries.length;
    default:
      return 0;
  }
}

/** Returns whether the input was accepted; throws when it was handled in any other way than it should be. */
function checkDecoding(bytes: Uint8Array): boolean {
  let frame: Frame;
  try {
    frame = decodeFrame(bytes);
  } catch (error) {
    assert.ok(error instanceof RivuletError, `${error}`);
    assert.match(error.code, /^frame-(malformed|too-large|unknown-type)$/);
    return false;
  }
  assert.ok(heldBytes(frame) <= bytes.byteLength, "a frame holds more than was received");
  assert.ok(bytes.byteLength <= MAX_FRAME_BYTES);
  const again = encodeFrame(frame);
  assert.ok(equalBytes(again, bytes), `${toHex(again.subarray(0, 80))} is not what came in`);
  return true;
}

function fuzz(inputs: fc.Arbitrary<Uint8Array>, numRuns: number): number {
  let accepted = 0;
  fc.assert(
    fc.property(inputs, (bytes) => {
      if (checkDecoding(bytes)) accepted++;
    }),
    { numRuns, seed },
  );
  return accepted;
}

const header = fc
  .record({
    type: fc.integer({ min: 0, max: 20 }),
    reserved: fc.oneof({ weight: 19, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 255 })),
    rest: fc.uint8Array({ minLength: 6, maxLength: 6 }),
  })
  .map(({ type, reserved, rest }) => Uint8Array.of(type, reserved, ...rest));

function join(head: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.byteLength + body.byteLength);
  bytes.set(head);
  bytes.set(body, head.byteLength);
  return bytes;
}

test(`random bytes are read or refused, 30,000 of them (RIVULET_SEED=${seed})`, () => {
  fuzz(fc.uint8Array({ maxLength: 100 }), 30_000);
});

test(`a sound header with a random body is read or refused, 50,000 of them (RIVULET_SEED=${seed})`, () => {
  const inputs = fc.tuple(header, fc.uint8Array({ maxLength: 64 })).map(([head, body]) => join(head, body));
  assert.ok(fuzz(inputs, 50_000) > 1000);
});

test(`damaged frames are read or refused, 40,000 of them (RIVULET_SEED=${seed})`, () => {
  const edit = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }), cut: fc.nat(20) });
  const inputs = fc
    .record({ original: fc.constantFrom(...vectors), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) })
    .map(({ original, edits }) => {
      let bytes: Uint8Array = original.slice();
      for (const { at, value, cut } of edits) {
        if (cut === 0) bytes = bytes.slice(0, at % (bytes.byteLength + 1));
        else if (cut === 1) bytes = join(bytes, Uint8Array.of(value));
        else if (bytes.byteLength > 0) bytes[at % bytes.byteLength] = value;
      }
      return bytes;
    });
  assert.ok(fuzz(inputs, 40_000) > 1000);
});

test(`frames about as long as their limits are read or refused, 2,000 of them (RIVULET_SEED=${seed})`, () => {
  const length = fc.oneof(
    ...[4 * 1024, 8 * 256, OPEN_HEAD + 65_536, 8 + 65_536, MAX_FRAME_BYTES - 8].map((limit) =>
      fc.integer({ min: limit - 9, max: limit + 9 }),
    ),
  );
  const inputs = fc
    .record({
      head: header,
      length,
      start: fc.uint8Array({ minLength: OPEN_HEAD, maxLength: OPEN_HEAD }),
      full: fc.boolean(),
      live: fc.boolean(),
    })
    .map(({ head, length: bodyBytes, start, full, live }) => {
      const body = new Uint8Array(bodyBytes);
      body.set(start);
      // What stands before a bitfield as long as the rest.
      if (full) {
        const view = new DataView(body.buffer);
        view.setUint8(32, Number(live));
        view.setUint32(33, live ? view.getUint32(33) & ~7 : 0);
        view.setUint32(37, 8 * (bodyBytes - OPEN_HEAD));
      }
      return join(head, body);
    });
  assert.ok(fuzz(inputs, 2000) > 50);
});
