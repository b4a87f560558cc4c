import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { SaveQueue } from "#sdk/client/save-queue.ts";
import { deferred, settled } from "./support/sample.ts";

const busy = () => true;
const PIECE = new Uint8Array(MIB);

/** A store that confirms nothing until it is told to. */
function slowStore() {
  const asked: { readonly name: string; readonly confirm: () => void }[] = [];
  return {
    names: () => asked.map(({ name }) => name),
    confirmAll: async () => {
      for (const { confirm } of asked) confirm();
      await settled();
    },
    put: (name: string) => {
      const { promise, resolve } = deferred();
      asked.push({ name, confirm: resolve });
      return promise;
    },
  };
}

function add(queue: SaveQueue, from: number, to: number): string[] {
  const names = Array.from({ length: to - from }, (_, at) => String(from + at));
  for (const name of names) queue.add(Number(name), name, PIECE);
  return names;
}

test("what comes is given to the store at once, and what comes meanwhile after that, eight megabytes at a time", async () => {
  const store = slowStore();
  const queue = new SaveQueue(store, 0);
  add(queue, 0, 12);
  assert.deepEqual(store.names(), ["0"]);
  await store.confirmAll();
  assert.equal(store.names().length, 9);
  await store.confirmAll();
  await store.confirmAll();
  assert.deepEqual([store.names().length, queue.bytes, queue.pieces.size], [12, 0, 0]);
});

test("while a busy page waits nothing is written but what is more than may be held, and all of it a moment after", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = slowStore();
  const queue = new SaveQueue(store, 3 * MIB);
  queue.pageWaits(busy);
  add(queue, 0, 3);
  assert.deepEqual(store.names(), []);
  add(queue, 3, 4);
  assert.deepEqual(store.names(), ["0", "1", "2", "3"], "the oldest, in one batch");
  await store.confirmAll();
  add(queue, 4, 6);
  queue.pageWaits(undefined);
  t.mock.timers.tick(249);
  queue.pageWaits(busy);
  t.mock.timers.tick(500);
  assert.equal(store.names().length, 4, "it waits again");
  queue.pageWaits(undefined);
  t.mock.timers.tick(250);
  assert.deepEqual(store.names().slice(4), ["4", "5"]);
});

test("what a page waits for that is not busy, or is busy no more, is written as it comes", async () => {
  const store = slowStore();
  const queue = new SaveQueue(store, 9 * MIB);
  let isBusy = false;
  queue.pageWaits(() => isBusy);
  add(queue, 0, 1);
  assert.deepEqual(store.names(), ["0"]);
  isBusy = true;
  await store.confirmAll();
  add(queue, 1, 3);
  assert.deepEqual(store.names(), ["0"]);
  isBusy = false;
  add(queue, 3, 4);
  assert.deepEqual(store.names(), ["0", "1", "2", "3"]);
});

test("a page that ends has what is held written at once, as much as the store takes", async () => {
  const store = slowStore();
  const queue = new SaveQueue(store, 64 * MIB);
  queue.pageWaits(busy);
  add(queue, 0, 35);
  let flushed = false;
  const flushing = queue.flush().then(() => {
    flushed = true;
  });
  assert.equal(store.names().length, 32);
  await store.confirmAll();
  assert.deepEqual([store.names().length, flushed], [35, false]);
  await store.confirmAll();
  await flushing;
  assert.equal(queue.bytes, 0);
});

test("there is room for eight megabytes that the store has not confirmed, and for what may be held", async () => {
  const store = slowStore();
  const queue = new SaveQueue(store, 20 * MIB);
  queue.pageWaits(busy);
  add(queue, 0, 20);
  await queue.room();
  add(queue, 20, 21);
  let room = false;
  const waiting = queue.room().then(() => {
    room = true;
  });
  await settled();
  assert.deepEqual([room, store.names().length], [false, 8]);
  await store.confirmAll();
  await waiting;
  assert.equal(queue.bytes, 13 * MIB);
});

test("a store that falls far behind is given the rest as it comes, and nothing more is held for it", () => {
  const store = slowStore();
  const queue = new SaveQueue(store, 0);
  add(queue, 0, 40);
  assert.equal(queue.bytes, 33 * MIB);
  assert.deepEqual(store.names(), ["0", ...Array.from({ length: 7 }, (_, at) => String(33 + at))]);
});

test("what the store refuses is not offered again, and what comes again counts once", async () => {
  const queue = new SaveQueue({ put: () => Promise.reject(new Error("full")) }, 0);
  add(queue, 0, 2);
  add(queue, 0, 1);
  await settled();
  assert.deepEqual([queue.bytes, queue.pieces.size], [0, 0]);
});
