import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "#signaling/cluster/cluster.ts";
import { ALL, ClusterStage, OTHER, ROOM, ROOM_CHANNEL, SELF } from "./support/cluster-stage.ts";
import { SimRooms } from "./support/sim-rooms.ts";

const TO_OTHER = `t:process:${OTHER}`;

test("a process listens to all and to itself from the start, and to a room while somebody of it is here", () => {
  const rooms = new SimRooms();
  const cluster = new Cluster({ id: SELF, prefix: "t" }, rooms);
  rooms.attach(cluster);
  rooms.join(ROOM, "ann");
  rooms.join(ROOM, "bob");
  rooms.leave(ROOM, "ann");
  rooms.leave(ROOM, "bob");
  assert.deepEqual(cluster.take(), [
    { type: "subscribe", channel: ALL },
    { type: "subscribe", channel: `t:process:${SELF}` },
    { type: "subscribe", channel: ROOM_CHANNEL },
    { type: "unsubscribe", channel: ROOM_CHANNEL },
  ]);
});

test("what happens before a flush is said in one message, the latest of each peer", () => {
  const stage = new ClusterStage();
  for (const complete of [false, true]) stage.rooms.join(ROOM, "ann", { complete });
  stage.rooms.join(ROOM, "bob");
  stage.rooms.leave(ROOM, "bob");
  const puts = [{ peer: "ann", entry: { complete: true }, isNews: true }];
  assert.deepEqual(stage.flush(), [[ROOM_CHANNEL, { type: "news", base: 0, version: 1, puts, gone: [] }]]);
  assert.equal(stage.cluster.hasNews, false);
});

test("a room asks who is there when its subscription has begun, and is answered with a snapshot", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann", { complete: true });
  stage.flush();
  stage.cluster.subscribed(ROOM_CHANNEL);
  assert.deepEqual(stage.said(), [[ROOM_CHANNEL, { type: "who" }]]);
  stage.hear({ type: "who" });
  const puts = [{ peer: "ann", entry: { complete: true }, isNews: false }];
  assert.deepEqual(stage.flush(), [
    [ROOM_CHANNEL, { type: "snapshot", version: 1, part: 0, parts: 1, puts }],
  ]);
});

test("a snapshot of 10,000 members comes in messages of 200, once between two beats however many ask", () => {
  const stage = new ClusterStage();
  for (let i = 0; i < 10_000; i++) stage.rooms.join(ROOM, `${i}`);
  assert.equal(stage.flush().length, 50);
  for (let i = 0; i < 3; i++) stage.hear({ type: "who" });
  const parts = stage.flush().map(([, message]) => message);
  assert.equal(parts.length, 50);
  assert.ok(parts.every((part) => part.type === "snapshot" && part.puts.length === 200));
  stage.hear({ type: "who" });
  assert.deepEqual([stage.cluster.hasNews, stage.flush()], [false, []]);
  stage.cluster.tick();
  stage.said();
  const flushes = Array.from({ length: 5 }, () => stage.flush().length);
  assert.deepEqual(flushes, [0, 0, 0, 50, 0], "a large snapshot is followed by a pause");
});

test("members of other processes come and go with their news; a gap is asked about at once", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.meet();
  stage.hearNews(0, 1, ["bob", "eve"]);
  stage.hearNews(1, 2, [], ["eve"]);
  assert.deepEqual(stage.members(), ["ann", "bob"]);
  stage.said();
  stage.hearNews(3, 4, ["zoe"]);
  stage.hearNews(4, 5, ["kim"]);
  assert.deepEqual(stage.said(), [[TO_OTHER, { type: "ask", rooms: [ROOM] }]]);
  assert.deepEqual(stage.members(), ["ann", "bob"]);
});

test("a process that is silent for four beats is dead, and its members are gone", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.meet();
  stage.hearNews(0, 1, ["bob"]);
  for (let beat = 1; beat <= 3; beat++) stage.cluster.tick();
  assert.deepEqual(stage.members(), ["ann", "bob"]);
  stage.cluster.tick();
  assert.deepEqual([stage.members(), stage.cluster.stats().processes], [["ann"], 0]);
  assert.equal(stage.cluster.carry(OTHER, {}), false);
});

test("a process that says goodbye is gone at once", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.hearNews(0, 1, ["bob"]);
  stage.hear({ type: "goodbye" });
  assert.deepEqual([stage.members(), stage.cluster.stats().processes], [["ann"], 0]);
});

test("an introduction comes after the news of those whom it is about", () => {
  const stage = new ClusterStage();
  stage.meet();
  stage.rooms.join(ROOM, "ann");
  assert.equal(stage.cluster.carry(OTHER, { to: "bob" }), true);
  assert.deepEqual(
    stage.said().map(([channel, { type }]) => [channel, type]),
    [
      [ROOM_CHANNEL, "news"],
      [TO_OTHER, "carry"],
    ],
  );
  stage.hear({ type: "carry", payload: { to: "ann" } });
  assert.deepEqual(stage.rooms.carriedHere, [{ to: "ann" }]);
});

test("nothing is carried that no process would read, nor without a bus", () => {
  const stage = new ClusterStage();
  stage.meet();
  assert.equal(stage.cluster.carry(OTHER, { text: "x".repeat(400_000) }), false);
  stage.cluster.linkDown();
  assert.equal(stage.cluster.carry(OTHER, {}), false);
  assert.deepEqual(stage.said(), []);
});

test("a peer that joins elsewhere loses its connection here; one that is merely listed there does not", () => {
  const stage = new ClusterStage();
  for (const peer of ["ann", "bob", "eve"]) stage.rooms.join(ROOM, peer);
  const puts = [{ peer: "eve", entry: {}, isNews: false }];
  stage.hear({ type: "snapshot", version: 1, part: 0, parts: 1, puts });
  stage.hearNews(1, 2, ["bob"]);
  assert.deepEqual(stage.rooms.replaced, ["bob"]);
  assert.equal(stage.rooms.view(ROOM).get("bob")?.home, OTHER);
  assert.equal(stage.rooms.view(ROOM).get("eve")?.home, undefined);
});

test("its own echo, other versions, junk, and processes beyond 64 change nothing", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.hear({ type: "goodbye" }, SELF);
  for (const text of [
    "",
    "{}",
    '{"v":2,"home":"0000000000000000","type":"beat","epoch":1}',
    "[]",
    "\u0000",
  ]) {
    for (const channel of [ALL, ROOM_CHANNEL, "t:process:x", "elsewhere"])
      stage.cluster.heard(channel, text, 0);
  }
  for (let i = 0; i < 100; i++) stage.hear({ type: "beat", epoch: 1 }, i.toString(16).padStart(16, "0"));
  const { processes, heard, ignored } = stage.cluster.stats();
  assert.deepEqual({ processes, heard, ignored }, { processes: 64, heard: 64, ignored: 20 + 36 });
  assert.deepEqual(stage.members(), ["ann"]);
});

test("who has said goodbye says and hears nothing more", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.cluster.goodbye();
  assert.deepEqual(stage.said(), [[ALL, { type: "goodbye" }]]);
  stage.cluster.linkUp();
  stage.cluster.tick();
  stage.hearNews(0, 1, ["bob"]);
  assert.deepEqual([stage.flush(), stage.members()], [[], ["ann"]]);
});
