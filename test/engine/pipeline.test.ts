import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { Pipeline } from "#sdk/engine/peers/pipeline.ts";
import { UploadQueue } from "#sdk/engine/peers/upload-queue.ts";
import { CHUNK, CONTENT } from "./stage.ts";

const OPTIONS = { ...ENGINE_DEFAULTS, minPipeline: 2, maxPipeline: 64, pipelineMs: 300, snubAfterMs: 3000 };
const { content } = CONTENT;

function asked(count: number, at = 0): Pipeline {
  const pipeline = new Pipeline(OPTIONS);
  for (let n = 1; n <= count; n++) pipeline.ask(n, { content, piece: n, chunk: 0, at });
  return pipeline;
}

/** A line of this rate and round trip, asked for as much as the pipeline allows, for so long; most in flight at the end. */
function depthAfter(
  ms: number,
  line: { readonly chunksPerSecond: number; readonly roundTripMs: number },
): number {
  const pipeline = new Pipeline(OPTIONS);
  const gapMs = 1000 / line.chunksPerSecond;
  const arrivals: { at: number; request: number }[] = [];
  let freeAt = 0;
  for (let now = 0, request = 0; now < ms; ) {
    for (; pipeline.room(0) > 0; request++) {
      pipeline.ask(request, { content, piece: request, chunk: 0, at: now });
      freeAt = Math.max(freeAt, now + line.roundTripMs) + gapMs;
      arrivals.push({ at: freeAt, request });
    }
    const next = arrivals.shift();
    assert.ok(next, "something is always in flight");
    now = next.at;
    pipeline.delivered(next.request, CHUNK, now);
  }
  return pipeline.size + pipeline.room(0);
}

test("the pipeline holds what the peer delivers in a round trip and its extra time, once it has found out", () => {
  assert.equal(new Pipeline(OPTIONS).room(0), 2);
  // 20 chunks a second × (0.4 + 0.05 + 0.3 s) = 15.
  const slow = depthAfter(20_000, { chunksPerSecond: 20, roundTripMs: 400 });
  assert.ok(slow >= 14 && slow <= 17, `${slow}`);
  const near = depthAfter(20_000, { chunksPerSecond: 20, roundTripMs: 1 });
  assert.ok(near >= 6 && near <= 8, `${near}`);
  assert.equal(depthAfter(5_000, { chunksPerSecond: 2000, roundTripMs: 1 }), 64, "its most");
});

test("a long fat path is filled within a few round trips", () => {
  const line = { chunksPerSecond: 100, roundTripMs: 300 };
  const [early, late] = [depthAfter(400, line), depthAfter(1800, line)];
  assert.ok(early < 12 && late > 40, `${early}, ${late}`);
});

test("a peer that owes chunks and sends none is snubbed after its time, and revived after a pause", () => {
  const pipeline = asked(2, 1000);
  assert.equal(pipeline.wakeAt, 4000);
  pipeline.snub(4000);
  assert.ok(pipeline.snubbed && pipeline.room(0) === 0);
  assert.equal(pipeline.revive(33_999), false);
  assert.equal(pipeline.revive(34_000), true);
  assert.equal(pipeline.snubbed, false);
});

test("a chunk ends a snub at once", () => {
  const pipeline = asked(1);
  pipeline.withdraw();
  pipeline.snub(3000);
  assert.equal(pipeline.delivered(1, CHUNK, 3500)?.piece, 1);
  assert.equal(pipeline.snubbed, false);
});

test("a slow but steady peer gets longer before it is snubbed, not for ever", () => {
  const pipeline = asked(9);
  for (let n = 1; n <= 6; n++) pipeline.delivered(n, CHUNK, 2500 * n);
  assert.ok(pipeline.wakeAt > 15_000 + 6000 && pipeline.wakeAt <= 15_000 + 12_000, `${pipeline.wakeAt}`);
});

test("an idle peer owes nothing and is never snubbed", () => {
  const pipeline = asked(1);
  pipeline.delivered(1, CHUNK, 100);
  assert.equal(pipeline.wakeAt, Number.POSITIVE_INFINITY);
});

test("an answer to a request that was taken back is known once, one to none never", () => {
  const pipeline = asked(3);
  assert.deepEqual(
    pipeline.withdraw((ask) => ask.piece === 2),
    [2],
  );
  assert.equal(pipeline.size, 2);
  assert.equal(pipeline.delivered(2, CHUNK, 0)?.piece, 2);
  assert.equal(pipeline.refused(2, 0), undefined);
  assert.equal(pipeline.delivered(99, CHUNK, 0), undefined);
});

test("what was taken back is remembered only so far", () => {
  const pipeline = asked(2000);
  pipeline.withdraw();
  assert.equal(pipeline.refused(1, 0), undefined);
  assert.equal(pipeline.refused(2000, 0)?.piece, 2000);
});

test("a busy peer is asked for less, and for more again as it delivers", () => {
  const pipeline = asked(8);
  for (let n = 4; n <= 8; n++) pipeline.refused(n, 10);
  pipeline.busy(10);
  assert.ok(pipeline.room(10) <= 0);
  for (let n = 9; n < 109; n++) {
    pipeline.ask(n, { content, piece: n, chunk: 0, at: 10 });
    pipeline.delivered(n, CHUNK, 11);
  }
  assert.equal(pipeline.size + pipeline.room(11), 64);
});

function request(number: number) {
  return { request: number, content, piece: 0, offset: 0, length: CHUNK, at: 0 };
}

test("an upload queue is bounded, and forgets what is cancelled", () => {
  const queue = new UploadQueue(6);
  for (let n = 1; n <= 6; n++) assert.equal(queue.push(request(n)), true);
  assert.equal(queue.push(request(7)), false);
  queue.cancel(2);
  const reading = Array.from({ length: 4 }, () => queue.next()?.request);
  assert.deepEqual(reading, [1, 3, 4, 5]);
  assert.deepEqual([queue.reading, queue.waiting], [4, 1]);
  queue.cancel(3);
  assert.equal(queue.read(3), undefined);
  assert.equal(queue.read(1)?.request, 1);
  assert.deepEqual(
    queue.drain().map(({ request }) => request),
    [4, 5, 6],
  );
  assert.equal(queue.size, 0);
});

test("a content that is closed takes its requests along", () => {
  const queue = new UploadQueue(6);
  for (let n = 1; n <= 6; n++) queue.push(request(n));
  queue.next();
  queue.drop(content);
  assert.equal(queue.size, 0);
});
