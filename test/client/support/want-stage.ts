import assert from "node:assert/strict";
import { WantStream } from "#sdk/client/want-stream.ts";
import type { Input, WantId } from "#sdk/engine/io.ts";
import { bytesOf, catalogOf, PIECE_BYTES } from "./sample.ts";

export const BYTES = bytesOf(4 * PIECE_BYTES);
const catalogWith = (bytes: Uint8Array) => catalogOf({ "first.bin": bytesOf(10), "a.bin": bytes });
const catalog = await catalogWith(BYTES);
/** Longer than what goes out in one task. */
const LONG = new Uint8Array(64 * PIECE_BYTES);
const longCatalog = await catalogWith(LONG);
/** Pieces of the second resource begin here. */
export const FIRST = 1;
const ORIGIN = { from: "origin" } as const;

interface Options {
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
  readonly playing?: boolean;
  /** Of the long file instead of the short one. */
  readonly long?: boolean;
  /** Where the bytes of a piece are cut in parts. */
  readonly cuts?: readonly number[];
  readonly read?: (piece: number) => Promise<Uint8Array | undefined>;
}

export function stage({
  start = 0,
  long = false,
  playing = false,
  signal,
  read,
  cuts = [],
  ...given
}: Options = {}) {
  const source = long ? LONG : BYTES;
  const { end = source.length } = given;
  const inputs: Input[] = [];
  const reads: number[] = [];
  const delivered: number[] = [];
  const finished: WantStream[] = [];
  const registered = new Map<WantId, WantStream>();
  let nextWant = 1;
  const stored = async (piece: number) =>
    source.subarray((piece - FIRST) * PIECE_BYTES, (piece - FIRST + 1) * PIECE_BYTES);
  const stream = new WantStream({
    catalog: long ? longCatalog : catalog,
    resource: 1,
    range: { start, end },
    patience: { firstByteMs: 0, minBytesPerSecond: 1 },
    playing,
    signal,
    input: (input) => inputs.push(input),
    give: async (piece, start, end) => {
      reads.push(piece - FIRST);
      const bytes = await (read ?? stored)(piece);
      const ends = [...cuts.map((cut) => start + cut), end];
      return bytes && ends.map((to, at) => bytes.slice(at === 0 ? start : ends[at - 1], to));
    },
    register: (one) => {
      registered.set(nextWant, one);
      return nextWant++;
    },
    unregister: (want) => registered.delete(want),
    onFinished: () => finished.push(stream),
    onDelivered: ({ resource, bytes }) => {
      assert.equal(resource, 1);
      delivered.push(bytes);
    },
  });
  /** The engine has the bytes of a piece, as far as they are within the range. */
  const deliver = (piece: number) => {
    const ready = {
      piece: piece + FIRST,
      start: Math.max(start, piece * PIECE_BYTES),
      end: Math.min(end, (piece + 1) * PIECE_BYTES),
      source: ORIGIN,
    };
    stream.deliver(ready);
  };
  const types = () => inputs.map(({ type }) => type);
  return { stream, inputs, types, reads, delivered, finished, registered, deliver };
}

export async function all(stream: WantStream): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}
