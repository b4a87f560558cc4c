import assert from "node:assert/strict";
import { test } from "node:test";
import { abortableBody, type BodyPart, continuedBody, partOf } from "#sdk/client/tabs/continued-body.ts";
import { settled } from "../support/sample.ts";

const BYTES = Uint8Array.from({ length: 20 }, (_, at) => at);

/** Bytes [start, start + chunks…) in chunks of so many, and then a failure or an end. */
function part(start: number, chunks: readonly number[], failure?: Error) {
  let at = start;
  const left = [...chunks];
  const made = {
    cancels: 0,
    async read(): Promise<Uint8Array | undefined> {
      const length = left.shift();
      if (length === undefined) {
        if (failure) throw failure;
        return undefined;
      }
      at += length;
      return BYTES.slice(at - length, at);
    },
    cancel: () => void made.cancels++,
  };
  return made;
}

/** All that a body brings, and what it failed with in the end. */
async function outcome(body: ReadableStream<Uint8Array>): Promise<{ bytes: number[]; error?: unknown }> {
  const bytes: number[] = [];
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes };
      bytes.push(...value);
    }
  } catch (error) {
    return { bytes, error };
  }
}

const numbers = (start: number, end: number) => [...BYTES.slice(start, end)];
const nobody = async () => undefined;

test("one source that brings all is all there is to it", async () => {
  const first = part(2, [3, 4]);
  let ends = 0;
  const next = () => assert.fail("Nothing is missing.");
  const body = continuedBody({ first, range: { start: 2, end: 9 }, next, onEnd: () => ends++ });
  assert.deepEqual(await outcome(body), { bytes: numbers(2, 9) });
  assert.deepEqual([first.cancels, ends], [1, 1]);
});

test("where a source breaks off, or ends early, another goes on from that byte", async () => {
  const asked: number[] = [];
  const parts = [part(5, [3]), part(8, [4, 8])];
  const body = continuedBody({
    first: part(0, [2, 3], new Error("gone")),
    range: { start: 0, end: 20 },
    next: async (start) => {
      asked.push(start);
      return parts.shift();
    },
  });
  assert.deepEqual(await outcome(body), { bytes: numbers(0, 20) });
  assert.deepEqual(asked, [5, 8]);
});

test("a source that broke off is cancelled before the next is asked", async () => {
  const first = part(0, [1], new Error("gone"));
  const seen: number[] = [];
  const next = async () => {
    seen.push(first.cancels);
    return part(1, [1]);
  };
  await outcome(continuedBody({ first, range: { start: 0, end: 2 }, next }));
  assert.deepEqual(seen, [1]);
});

test("six sources in a row that bring nothing are the last, and their failure is the reader's", async () => {
  let asked = 0;
  const next = async () => part(1, [], new Error(`failure ${++asked}`));
  const first = part(0, [1], new Error("failure 0"));
  const { bytes, error } = await outcome(continuedBody({ first, range: { start: 0, end: 9 }, next }));
  assert.deepEqual(bytes, [0]);
  assert.equal(asked, 6);
  assert.match(String(error), /failure 6/);
});

test("sources that bring a byte each may fail as often as it takes", async () => {
  const range = { start: 0, end: 20 };
  const next = async (start: number) => part(start, [1], new Error("gone"));
  assert.deepEqual(await outcome(continuedBody({ first: part(0, []), range, next })), {
    bytes: numbers(0, 20),
  });
});

test("when nobody goes on, the reader gets what the last source failed with, or that it is cut short", async () => {
  const range = { start: 0, end: 9 };
  const failed = await outcome(
    continuedBody({ first: part(0, [4], new Error("gone")), range, next: nobody }),
  );
  assert.deepEqual(failed.bytes, numbers(0, 4));
  assert.match(String(failed.error), /gone/);
  let ends = 0;
  const short = continuedBody({ first: part(0, [4]), range, next: nobody, onEnd: () => ends++ });
  assert.match(String((await outcome(short)).error), /The body broke off/);
  assert.equal(ends, 1);
});

test("a question for the next source that fails is as good as no source", async () => {
  const next = () => Promise.reject(new Error("no answer"));
  const first = part(0, [4], new Error("gone"));
  const { error } = await outcome(continuedBody({ first, range: { start: 0, end: 9 }, next }));
  assert.match(String(error), /gone/);
});

test("more bytes than were promised are cut off", async () => {
  const range = { start: 3, end: 8 };
  const body = continuedBody({ first: part(3, [2, 9]), range, next: nobody });
  assert.deepEqual(await outcome(body), { bytes: numbers(3, 8) });
});

test("an empty range ends at once, without a byte read", async () => {
  const first = { read: () => assert.fail("It is not to be read."), cancel: () => undefined };
  assert.deepEqual(await outcome(continuedBody({ first, range: { start: 4, end: 4 }, next: nobody })), {
    bytes: [],
  });
});

test("nothing is read before the reader asks", async () => {
  let reads = 0;
  const first = { read: async () => BYTES.slice(reads, ++reads), cancel: () => undefined };
  const reader = continuedBody({ first, range: { start: 0, end: 9 }, next: nobody }).getReader();
  await settled();
  assert.equal(reads, 0);
  await reader.read();
  await settled();
  assert.equal(reads, 1);
  await reader.cancel();
});

test("a reader that goes away cancels the source, also the one that is only about to be", async () => {
  const first = part(0, [1, 1]);
  const ends: string[] = [];
  const range = { start: 0, end: 9 };
  const reader = continuedBody({ first, range, next: nobody, onEnd: () => ends.push("first") }).getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([first.cancels, ends], [1, ["first"]]);

  let give: (part: BodyPart) => void = () => undefined;
  const next = () =>
    new Promise<BodyPart>((resolve) => {
      give = resolve;
    });
  const late = part(0, [9]);
  const other = continuedBody({ first: part(0, []), range, next }).getReader();
  const reading = other.read();
  await settled();
  await other.cancel();
  give(late);
  assert.equal((await reading).done, true);
  await settled();
  assert.equal(late.cancels, 1);
});

test("a Response's body is a part like any other", async () => {
  const body = partOf(new Response(BYTES.slice(0, 5)));
  assert.deepEqual([...((await body.read()) ?? [])], numbers(0, 5));
  assert.equal(await body.read(), undefined);
  body.cancel();
  const none = partOf(new Response(null));
  assert.equal(await none.read(), undefined);
  none.cancel();
});

test("an aborted body fails with the signal's reason, and its source is cancelled", async () => {
  const abort = new AbortController();
  const first = part(0, [1, 1, 1]);
  const source = continuedBody({ first, range: { start: 0, end: 9 }, next: nobody });
  const reader = abortableBody(source, abort.signal).getReader();
  assert.deepEqual((await reader.read()).value, BYTES.slice(0, 1));
  const reason = new Error("The visitor went on.");
  abort.abort(reason);
  await assert.rejects(reader.read(), reason);
  await settled();
  assert.equal(first.cancels, 1);
});

test("a body without a signal stays the one that it is", () => {
  const body = continuedBody({ first: part(0, []), range: { start: 0, end: 0 }, next: nobody });
  assert.equal(abortableBody(body, undefined), body);
});
