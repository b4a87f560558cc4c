import assert from "node:assert/strict";
import { test } from "node:test";
import type { News, Snapshot } from "#signaling/cluster/cluster-messages.ts";
import { HeldRoom } from "#signaling/cluster/held-room.ts";

function news(base: number, version: number, puts: string[], gone: string[] = []): News {
  return { type: "news", base, version, puts: puts.map(put), gone };
}

function snapshot(version: number, part: number, parts: number, puts: string[]): Snapshot {
  return { type: "snapshot", version, part, parts, puts: puts.map(put) };
}

const put = (peer: string) => ({ peer, entry: {}, isNews: true });
const peers = (room: HeldRoom) => [...room.peers].sort();

test("news that follow each other are taken; what came before does not count again", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann", "bob"]));
  assert.notEqual(room.news(news(3, 5, ["eve"], ["bob"])), "old");
  assert.equal(room.news(news(0, 3, ["ann", "bob"])), "old");
  assert.deepEqual([peers(room), room.version], [["ann", "eve"], 5]);
});

test("news after a gap change nothing, and say that something is missing", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann"]));
  assert.equal(room.news(news(4, 5, ["bob"], ["ann"])), "behind");
  assert.deepEqual([peers(room), room.version], [["ann"], 3]);
});

test("the first news of a room that opened anew are all there is", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann", "bob"]));
  assert.deepEqual(room.news(news(0, 9, ["bob"])), { puts: [put("bob")], gone: ["ann"] });
  assert.deepEqual(peers(room), ["bob"]);
});

test("members of a snapshot are there with its first part, and gone only with its last", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann", "bob"]));
  assert.deepEqual(room.snapshot(snapshot(8, 1, 2, ["eve"])), { puts: [put("eve")], gone: [] });
  assert.deepEqual([peers(room), room.version], [["ann", "bob", "eve"], 3]);
  assert.deepEqual(room.snapshot(snapshot(8, 0, 2, ["bob"])), { puts: [put("bob")], gone: ["ann"] });
  assert.deepEqual([peers(room), room.version], [["bob", "eve"], 8]);
});

test("a part that was lost comes with the same snapshot said again", () => {
  const room = new HeldRoom();
  room.snapshot(snapshot(8, 0, 2, ["ann"]));
  room.snapshot(snapshot(8, 0, 2, ["ann"]));
  assert.equal(room.version, 0);
  room.snapshot(snapshot(8, 1, 2, ["bob"]));
  assert.deepEqual([peers(room), room.version], [["ann", "bob"], 8]);
});

test("news that a snapshot has overtaken take nobody away", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann"]));
  // Ann left at 4 and was back at 5; the news of 4 come late.
  room.snapshot(snapshot(5, 0, 2, ["ann"]));
  assert.equal(room.news(news(3, 4, [], ["ann"])), "old");
  room.snapshot(snapshot(5, 1, 2, ["bob"]));
  assert.deepEqual(peers(room), ["ann", "bob"]);
});

test("nothing said before a room was found empty brings anybody back", () => {
  const room = new HeldRoom();
  room.news(news(0, 3, ["ann"]));
  assert.deepEqual(room.empty(6), ["ann"]);
  assert.equal(room.news(news(0, 5, ["ann"])), "old");
  assert.equal(room.snapshot(snapshot(6, 0, 1, ["ann"])), "old");
  assert.deepEqual(peers(room), []);
});
