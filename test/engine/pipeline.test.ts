import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { Pipeline } from "#sdk/engine/peers/pipeline.ts";
import { UploadQueue } from "#sdk/engine/peers/upload-queue.ts";
import { CHUNK, CONTENT } from "./stage.ts";

const OPTIONS = { ...ENGINE_DEFAULTS, minPipeline: 2, maxPipeline: 16, pipelineMs: 1000, snubAfterMs: 3000 };
const { content } = CONTENT;

function asked(count: number, at = 0): Pipeline {
  const pipeline = new Pipeline(OPTIONS);
  for (let n = 1; n <= count; n++) pipeline.ask(n, { content, piece: n, chunk: 0, at });
  return pipeline;
}

test("the pipeline starts at its least, and holds what the peer delivers in its time, at most its most", () => {
  const pipeline = new Pipeline(OPTIONS);
  assert.equal(pipeline.room(0), 2);
  for (let at = 0; at < 4000; at += 125) pipeline.delivered(CHUNK, at);
  assert.ok(Math.abs(pipeline.room(3900) - 8) <= 1);
  for (let n = 0; n < 1000; n++) pipeline.delivered(CHUNK, 3900);
  assert.equal(pipeline.room(3900), 16);
});

test("a peer that owes chunks and sends none is snubbed after its time, and revived after a pause", () => {
  const pipeline = asked(2, 1000);
  assert.equal(pipeline.wakeAt, 4000);
  pipeline.snub(4000);
  assert.ok(pipeline.snubbed && pipeline.room(4000) === 0);
  assert.equal(pipeline.revive(33_999), false);
  assert.equal(pipeline.revive(34_000), true);
  assert.equal(pipeline.snubbed, false);
});

test("a chunk ends a snub at once", () => {
  const pipeline = asked(1);
  pipeline.withdraw();
  pipeline.snub(3000);
  assert.equal(pipeline.answer(1, 3500)?.piece, 1);
  pipeline.delivered(CHUNK, 3500);
  assert.equal(pipeline.snubbed, false);
});

test("a slow but steady peer gets longer before it is snubbed, not for ever", () => {
  const pipeline = asked(9);
  for (let n = 1; n <= 6; n++) pipeline.answer(n, 2500 * n);
  assert.ok(pipeline.wakeAt > 15_000 + 6000 && pipeline.wakeAt <= 15_000 + 12_000, `${pipeline.wakeAt}`);
});

test("an idle peer owes nothing and is never snubbed", () => {
  const pipeline = asked(1);
  pipeline.answer(1, 100);
  assert.equal(pipeline.wakeAt, Number.POSITIVE_INFINITY);
});

test("an answer to a request that was taken back is known once, one to none never", () => {
  const pipeline = asked(3);
  assert.deepEqual(
    pipeline.withdraw((ask) => ask.piece === 2),
    [2],
  );
  assert.equal(pipeline.size, 2);
  assert.equal(pipeline.answer(2, 0)?.piece, 2);
  assert.equal(pipeline.answer(2, 0), undefined);
  assert.equal(pipeline.answer(99, 0), undefined);
});

test("what was taken back is remembered only so far", () => {
  const pipeline = asked(2000);
  pipeline.withdraw();
  assert.equal(pipeline.answer(1, 0), undefined);
  assert.equal(pipeline.answer(2000, 0)?.piece, 2000);
});

test("a busy peer is asked for less, and for more again as it delivers", () => {
  const pipeline = asked(8);
  for (let n = 4; n <= 8; n++) pipeline.answer(n, 10);
  pipeline.busy();
  assert.ok(pipeline.room(10) <= 0);
  for (let n = 0; n < 100; n++) pipeline.delivered(CHUNK, 10);
  assert.equal(pipeline.room(10), 13);
});

function request(number: number) {
  return { request: number, content, piece: 0, offset: 0, length: CHUNK };
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
