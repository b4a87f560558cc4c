import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { ann, Stage, told } from "./support/stage.ts";

test("messages beyond the rate are refused, one that goes on is closed, and its room is freed", () => {
  const stage = new Stage({ messageRate: 1, messageBurst: 2, maxRefusedMessages: 1 });
  const connection = stage.member(ann);
  assert.deepEqual(told(stage.join(connection)), ["1 error: rate-limited"]);
  stage.now += 2 * second;
  assert.deepEqual(told(stage.join(connection)), ["1 peers"]);
  stage.join(connection);
  stage.join(connection);
  assert.deepEqual(told(stage.join(connection)), ["1 error: rate-limited", "1 closed: rate-limited"]);
  assert.deepEqual(stage.join(connection), []);
  assert.equal(stage.held.rooms, 0);
});

test("unreadable messages count against the rate as well", () => {
  const stage = new Stage({ messageRate: 1, messageBurst: 1, maxRefusedMessages: 0 });
  const connection = stage.connect();
  stage.text(connection, "{");
  assert.deepEqual(told(stage.text(connection, "{")), ["1 error: rate-limited", "1 closed: rate-limited"]);
});

test("all connections of one token holder share its messages, wherever they come from", () => {
  const stage = new Stage({ addressMessageRate: 1, addressMessageBurst: 2 });
  const [one, two, other] = ["sub a", "sub a", "sub b"].map((holder, n) =>
    stage.connect({ address: `192.0.2.${n}`, grant: { holder } }),
  );
  assert.ok(one && two && other);
  const ping = (connection: typeof one) => told(stage.say(connection, { type: "ping" }));
  assert.deepEqual([ping(one), ping(two)], [["1 pong"], ["2 pong"]]);
  assert.deepEqual(ping(one), ["1 error: rate-limited"]);
  assert.deepEqual(ping(other), ["3 pong"]);
});

test("who is over its own rate takes nothing from what its address shares", () => {
  const stage = new Stage({ messageRate: 1, messageBurst: 1, addressMessageRate: 1, addressMessageBurst: 3 });
  const [loud, quiet] = [stage.connect(), stage.connect()];
  for (let n = 0; n < 100; n++) stage.say(loud, { type: "ping" });
  assert.deepEqual(told(stage.say(quiet, { type: "ping" })), ["2 pong"]);
});

test("a token's connections are counted: one too many is told so, and comes in when another has gone", () => {
  const stage = new Stage({ maxConnectionsPerToken: 2 });
  const mine = { grant: { holder: "sub a" } };
  const first = stage.connect(mine);
  stage.connect(mine);
  assert.deepEqual(told(stage.arrive(mine).deliveries), [
    "3 error: too-many-connections-with-token",
    "3 closed: token-refused",
  ]);
  assert.deepEqual(stage.arrive({ grant: { holder: "sub b" } }).deliveries, []);
  assert.deepEqual(stage.arrive().deliveries, []);
  stage.disconnect(first);
  assert.deepEqual(stage.arrive(mine).deliveries, []);
});

test("a token's holder that connects too fast is told so", () => {
  const stage = new Stage({ addressConnectRate: 1, addressConnectBurst: 2, maxConnectionsPerToken: 100 });
  const from = (n: number) =>
    stage.arrive({ address: `192.0.2.${n}`, grant: { holder: "sub a" } }).deliveries;
  assert.deepEqual([from(1), from(2)], [[], []]);
  assert.deepEqual(told(from(3)), ["3 error: connecting-too-fast", "3 closed: token-refused"]);
  stage.now += 1 * second;
  assert.deepEqual(from(4), []);
});

for (const protocol of ["rivulet", "webtorrent"] as const) {
  const error = protocol === "rivulet" ? "error" : "failure";

  test(`on the ${protocol} path all connections of one address share its messages`, () => {
    const stage = new Stage({ addressMessageRate: 1, addressMessageBurst: 3 });
    const [one, two] = [stage.connect({ protocol }), stage.connect({ protocol })];
    const other = stage.connect({ protocol, address: "198.51.100.1" });
    const words = (connection: typeof one) => told(stage.text(connection, "{}"));
    words(one);
    words(two);
    assert.notDeepEqual(words(one), [`1 ${error}: rate-limited`]);
    assert.deepEqual(words(one), [`1 ${error}: rate-limited`]);
    assert.deepEqual(words(two), [`2 ${error}: rate-limited`]);
    assert.notDeepEqual(words(other), [`3 ${error}: rate-limited`]);
    stage.now += 1 * second;
    assert.notDeepEqual(words(two), [`2 ${error}: rate-limited`]);
    assert.deepEqual(words(one), [`1 ${error}: rate-limited`]);
    assert.equal(stage.counts.refusals.get("rate-limited"), 3);
  });
}
