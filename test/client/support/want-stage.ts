import assert from "node:assert/strict";
import { WantStream } from "#sdk/client/want-stream.ts";
import type { Input, WantId } from "#sdk/engine/io.ts";
import { bytesOf, catalogOf, PIECE_BYTES } from "./sample.ts";

export const BYTES = bytesOf(4 * PIECE_BYTES);
const catalog = await catalogOf({ "first.bin": bytesOf(10), "a.bin": BYTES });
/** Pieces of the second resource begin here. */
export const FIRST = 1;
const ORIGIN = { from: "origin" } as const;

interface Options {
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
  readonly read?: (piece: number) => Promise<Uint8Array | undefined>;
}

export function stage({ start = 0, end = BYTES.length, signal, read }: Options = {}) {
  const inputs: Input[] = [];
  const reads: number[] = [];
  const delivered: number[] = [];
  const registered = new Map<WantId, WantStream>();
  let nextWant = 1;
  const stored = async (piece: number) =>
    BYTES.subarray((piece - FIRST) * PIECE_BYTES, (piece - FIRST + 1) * PIECE_BYTES);
  const stream = new WantStream({
    catalog,
    resource: 1,
    range: { start, end },
    patience: { firstByteMs: 0, minBytesPerSecond: 1 },
    signal,
    input: (input) => inputs.push(input),
    read: (piece) => {
      reads.push(piece - FIRST);
      return (read ?? stored)(piece);
    },
    register: (one) => {
      registered.set(nextWant, one);
      return nextWant++;
    },
    unregister: (want) => registered.delete(want),
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
  return { stream, inputs, types, reads, delivered, registered, deliver };
}

export async function all(stream: WantStream): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}
