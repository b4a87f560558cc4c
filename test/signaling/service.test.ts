import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { DEFAULTS } from "#signaling/config/options.ts";
import { ann, bob, content, eve, messageOf, Stage, told } from "./support/stage.ts";

test("a connection that never says hello is closed, and a greeted one is left alone", () => {
  const stage = new Stage();
  stage.connect();
  stage.member(ann);
  stage.now = DEFAULTS.greetingTimeoutMs - 1;
  assert.deepEqual(stage.sweep(), []);
  stage.now += 1;
  assert.deepEqual(told(stage.sweep()), ["1 error: not-greeted", "1 closed: not-greeted"]);
  assert.deepEqual(stage.sweep(), []);
  assert.equal(stage.service.connections, 1);
});

test("a server that stops tells everybody, greeted or not", () => {
  const stage = new Stage();
  stage.member(ann);
  stage.connect();
  const expected = [1, 2].flatMap((n) => [`${n} error: draining`, `${n} closed: draining`]);
  assert.deepEqual(told(stage.service.drain(Number.POSITIVE_INFINITY, stage.now)), expected);
  assert.deepEqual(stage.service.drain(Number.POSITIVE_INFINITY, stage.now), []);
});

test("those who came first are sent away first, as many as are to go", () => {
  const stage = new Stage();
  const connections = [ann, bob, eve].map((who) => stage.member(who));
  assert.deepEqual(told(stage.service.drain(2, 0)), [
    ...["1 error: draining", "1 closed: draining"],
    ...["2 error: draining", "2 closed: draining"],
  ]);
  assert.deepEqual(stage.service.drain(0, 0), []);
  assert.deepEqual(stage.held, { peers: 1, rooms: 1, members: 1 });
  assert.deepEqual(stage.join(connections[0] ?? stage.connect()), []);
  assert.deepEqual(told(stage.service.drain(1, 0)), ["3 error: draining", "3 closed: draining"]);
  assert.equal(stage.service.connections, 0);
});

test("a sweep closes who has not greeted, the first to be due first, and then whose token has ended", () => {
  const stage = new Stage({ greetingTimeoutMs: 1000 });
  stage.member(ann, { expiresAt: 1500 });
  stage.connect();
  stage.now = 500;
  stage.connect();
  const late = stage.connect();
  stage.hello(late, bob);
  stage.now = 1000;
  stage.connect();
  stage.now = 1500;
  assert.deepEqual(told(stage.sweep()), [
    ...[2, 3].flatMap((n) => [`${n} error: not-greeted`, `${n} closed: not-greeted`]),
    ...["1 error: token-expired", "1 closed: token-refused"],
  ]);
  assert.equal(stage.service.connections, 2);
});

test("sweeps come often enough for the shortest greeting, and never more than once in a millisecond", () => {
  assert.equal(new Stage({ greetingTimeoutMs: 100 }).service.sweepMs, 25);
  assert.equal(new Stage({ greetingTimeoutMs: 1 }).service.sweepMs, 1);
  assert.equal(new Stage({ greetingTimeoutMs: 60 * second }).service.sweepMs, 1 * second);
});

test("a token's contents are all that its holder announces", () => {
  const stage = new Stage();
  const connection = stage.connect({ grant: { contents: new Set(["0".repeat(64)]) } });
  stage.hello(connection, ann);
  const refused = messageOf(stage.join(connection)[0]);
  assert.ok(refused?.type === "error");
  assert.deepEqual([refused.code, refused.about], ["content-not-allowed", { content }]);
  assert.equal(stage.held.rooms, 0);
  const allowed = stage.connect({ grant: { contents: new Set([content]) } });
  stage.hello(allowed, bob);
  assert.deepEqual(told(stage.join(allowed)), ["2 peers"]);
});

test("connections are counted by path, and a name is never used again", () => {
  const stage = new Stage();
  const first = stage.connect();
  stage.connect({ protocol: "webtorrent" });
  stage.connect({ protocol: "webtorrent" });
  assert.deepEqual([stage.service.countOf("rivulet"), stage.service.countOf("webtorrent")], [1, 2]);
  stage.disconnect(first);
  stage.disconnect(first);
  assert.deepEqual([stage.service.countOf("rivulet"), stage.service.connections], [0, 2]);
  assert.equal(stage.connect(), 4);
});

for (const protocol of ["rivulet", "webtorrent"] as const) {
  const error = protocol === "rivulet" ? "error" : "failure";

  test(`on the ${protocol} path a token's end is the connection's`, () => {
    const stage = new Stage();
    const connection = stage.connect({ protocol, expiresAt: 5 * second });
    stage.connect({ protocol, expiresAt: 6 * second });
    stage.connect({ protocol });
    stage.now = 5 * second - 1;
    assert.deepEqual(stage.sweep(), []);
    stage.now += 1;
    assert.deepEqual(told(stage.sweep()), [`1 ${error}: token-expired`, "1 closed: token-refused"]);
    assert.deepEqual(stage.text(connection, "{}"), []);
    assert.equal(stage.service.connections, 2);
  });

  test(`on the ${protocol} path somebody who is not let in is told why, and is no connection`, () => {
    const stage = new Stage();
    const connection = stage.service.name();
    const refusal = { code: "token-missing", message: "Bring a token." } as const;
    assert.deepEqual(told(stage.service.refuse(connection, protocol, refusal)), [
      `1 ${error}: token-missing`,
      "1 closed: token-refused",
    ]);
    assert.deepEqual([stage.text(connection, "{}"), stage.service.connections], [[], 0]);
    assert.equal(stage.counts.refusals.get("token-missing"), 1);
  });

  test(`on the ${protocol} path a fault of the server's own is told as one`, () => {
    const stage = new Stage();
    assert.deepEqual(told(stage.service.failed(stage.connect({ protocol }))), [`1 ${error}: internal`]);
  });
}
