import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadQueue } from "#sdk/engine/peers/upload-queue.ts";
import { ContributorsFirst, type Customer } from "#sdk/engine/peers/upload-scheduler.ts";
import { CHUNK, CONTENT } from "./stage.ts";

const { content } = CONTENT;
let nextRequest = 1;

function customer(pieces: readonly number[], rest: Partial<Customer> = {}) {
  const uploads = new UploadQueue(64);
  for (const piece of pieces)
    uploads.push({ request: nextRequest++, content, piece, offset: 0, length: CHUNK, at: 0 });
  return { uploads, congested: false, freeRider: false, turnAt: 0, ...rest };
}

const scheduler = new ContributorsFirst({ maxReadsPerPeer: 2, uploadTurnMs: 500 });
const held = (_: unknown, piece: number) => piece;

test("a free rider gets only what no contributor waits for, however rare its piece", () => {
  const rider = customer([1, 1], { freeRider: true });
  const contributor = customer([9]);
  assert.equal(scheduler.next([rider, contributor], held, 0), contributor);
  contributor.uploads.next();
  assert.equal(scheduler.next([rider, contributor], held, 0), rider);
});

test("a contributor whose channel is full keeps a free rider waiting too", () => {
  const rider = customer([1], { freeRider: true });
  const contributor = customer([9], { congested: true });
  for (const order of [
    [rider, contributor],
    [contributor, rider],
  ])
    assert.equal(scheduler.next(order, held, 0), undefined);
});

test("among contributors the rarest piece goes first, also out of one queue", () => {
  const one = customer([7, 3, 8]);
  const other = customer([5, 4]);
  const order: (number | undefined)[] = [];
  for (let at = scheduler.next([one, other], held, 0); at; at = scheduler.next([one, other], held, 0)) {
    const request = at.uploads.next();
    order.push(request?.piece);
    at.uploads.read(request?.request ?? 0);
  }
  assert.deepEqual(order, [3, 4, 5, 7, 8]);
});

test("a piece that was begun is finished before a rarer one", () => {
  const { uploads } = customer([5, 5, 2]);
  assert.equal(
    uploads.rarest(() => 1),
    1,
  );
  assert.equal(uploads.next()?.piece, 5);
  assert.equal(uploads.rarest(held), 5);
  assert.equal(uploads.next()?.piece, 5);
  assert.equal(uploads.rarest(held), 2);
});

test("equals take turns, and nobody waits for long behind rarer pieces", () => {
  const [one, other] = [customer([4, 4], { turnAt: 10 }), customer([4], { turnAt: 5 })];
  assert.equal(scheduler.next([one, other], held, 20), other);
  const common = customer([9], { turnAt: 0 });
  assert.equal(scheduler.next([one, common], held, 499), one);
  assert.equal(scheduler.next([one, common], held, 500), common);
});

test("no more is read for a peer than its bound, nothing for a full channel or an empty queue", () => {
  const busy = customer([1, 1, 1]);
  busy.uploads.next();
  assert.equal(scheduler.next([busy], held, 0), busy);
  busy.uploads.next();
  assert.equal(scheduler.next([busy, customer([1], { congested: true }), customer([])], held, 0), undefined);
});
