import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL, ClusterStage, OTHER, ROOM, ROOM_CHANNEL } from "./support/cluster-stage.ts";

const TO_OTHER = `t:process:${OTHER}`;

test("a peer that two processes had is asked for once more when the one that counted loses it", () => {
  const [first, second] = ["1".repeat(16), "2".repeat(16)];
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.hear(
    { type: "news", base: 0, version: 1, puts: [{ peer: "bob", entry: {}, isNews: true }], gone: [] },
    first,
  );
  stage.hear(
    { type: "news", base: 0, version: 1, puts: [{ peer: "bob", entry: {}, isNews: true }], gone: [] },
    second,
  );
  stage.flush();
  stage.hear({ type: "news", base: 1, version: 2, puts: [], gone: ["bob"] }, second);
  assert.deepEqual(stage.flush(), [[`t:process:${first}`, { type: "again", members: [[ROOM, "bob"]] }]]);
  stage.hear({ type: "again", members: [[ROOM, "ann"]] });
  const [said] = stage.flush();
  assert.deepEqual(said?.[1].type === "news" && said[1].puts, [{ peer: "ann", entry: {}, isNews: false }]);
});

test("a process compares what it holds with one that is new or has lost the bus, and says where it differs", () => {
  const stage = new ClusterStage();
  stage.rooms.join(ROOM, "ann");
  stage.flush();
  stage.hear({ type: "beat", epoch: 1 });
  const check = [TO_OTHER, { type: "check", rooms: [[ROOM, 0]] }];
  assert.deepEqual(stage.said(), [check]);
  stage.hear({ type: "beat", epoch: 1 });
  assert.deepEqual(stage.said(), []);
  stage.hear({ type: "beat", epoch: 2 });
  assert.deepEqual(stage.said(), [check]);
  stage.hear({ type: "check", rooms: [[ROOM, 1]] });
  assert.deepEqual(stage.said(), []);
  stage.hear({ type: "check", rooms: [[ROOM, 0]] });
  assert.deepEqual(stage.said(), [[TO_OTHER, { type: "versions", at: 1, rooms: [[ROOM, 1]] }]]);
  stage.hear({ type: "versions", at: 7, rooms: [[ROOM, 7]] });
  assert.deepEqual(stage.said(), [[TO_OTHER, { type: "ask", rooms: [ROOM] }]]);
});

test("every room is compared within 30 beats, and asked about again until it is known", () => {
  const stage = new ClusterStage();
  const rooms = Array.from({ length: 70 }, (_, i) => `w:${i.toString(16).padStart(40, "0")}`);
  for (const room of rooms) stage.rooms.join(room, "1");
  stage.meet();
  stage.said();
  const compared = new Set<string>();
  for (let beat = 0; beat < 30; beat++) {
    stage.cluster.tick();
    stage.hear({ type: "beat", epoch: 1 });
    const checks = stage.said().flatMap(([, message]) => (message.type === "check" ? message.rooms : []));
    assert.ok(checks.length <= 3);
    for (const [room] of checks) compared.add(room);
  }
  assert.deepEqual([...compared].sort(), rooms);
});

test("while the bus is away nothing is said, and what is then to be said waits", () => {
  const stage = new ClusterStage();
  stage.cluster.linkDown();
  stage.rooms.join(ROOM, "ann");
  stage.cluster.tick();
  assert.deepEqual([stage.cluster.hasNews, stage.flush()], [false, []]);
  stage.cluster.linkUp();
  assert.deepEqual(stage.said(), [[ALL, { type: "beat", epoch: 2 }]]);
  assert.deepEqual(
    stage.flush().map(([channel]) => channel),
    [ROOM_CHANNEL],
  );
});
