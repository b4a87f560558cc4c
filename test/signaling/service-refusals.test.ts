import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { contentNo } from "./support/identities.ts";
import { ann, Stage, told } from "./support/stage.ts";

test("a refused announce names its content", () => {
  const stage = new Stage({ maxRooms: 1 });
  const connection = stage.member(ann);
  const about = { content: contentNo(2) };
  const [refused] = stage.say(connection, { type: "announce", ...about, want: 1, complete: false });
  assert.ok(refused?.type === "send" && refused.message.type === "error");
  assert.deepEqual([refused.message.code, refused.message.about], ["too-many-rooms", about]);
});

test("what cannot be read is answered with why, and the connection lives", () => {
  const stage = new Stage({ maxMessageBytes: 1000 });
  const connection = stage.member(ann);
  assert.deepEqual(told(stage.text(connection, "{")), ["1 error: malformed"]);
  assert.deepEqual(told(stage.text(connection, '{"type":"dance"}')), ["1 error: unknown-type"]);
  assert.deepEqual(told(stage.text(connection, "x".repeat(1001))), ["1 error: too-large"]);
  assert.deepEqual(told(stage.service.handle(connection, { type: "binary" }, 0)), ["1 error: malformed"]);
  assert.deepEqual(told(stage.announce(connection)), ["1 peers"]);
});

test("messages beyond the rate are refused, one that goes on is closed, and its room is freed", () => {
  const stage = new Stage({ messageRate: 1, messageBurst: 2, maxRefusedMessages: 1 });
  const connection = stage.member(ann);
  assert.deepEqual(told(stage.announce(connection)), ["1 error: rate-limited"]);
  stage.now += 2 * second;
  assert.deepEqual(told(stage.announce(connection)), ["1 peers"]);
  stage.announce(connection);
  stage.announce(connection);
  assert.deepEqual(told(stage.announce(connection)), ["1 error: rate-limited", "1 closed: rate-limited"]);
  assert.deepEqual(stage.announce(connection), []);
  assert.equal(stage.service.stats().rooms, 0);
});

test("unreadable messages count against the rate as well", () => {
  const stage = new Stage({ messageRate: 1, messageBurst: 1, maxRefusedMessages: 0 });
  const connection = stage.connect();
  stage.text(connection, "{");
  assert.deepEqual(told(stage.text(connection, "{")), ["1 error: rate-limited", "1 closed: rate-limited"]);
});

test("a connection that never says hello is closed, and a greeted one is left alone", () => {
  const stage = new Stage();
  const silent = stage.connect();
  const greeted = stage.member(ann);
  assert.deepEqual(told(stage.service.greetingDue(silent)), [
    "1 error: not-greeted",
    "1 closed: not-greeted",
  ]);
  assert.deepEqual(stage.service.greetingDue(greeted), []);
  assert.deepEqual(stage.service.greetingDue(silent), []);
});

test("a server that stops tells everybody, greeted or not", () => {
  const stage = new Stage();
  stage.member(ann);
  stage.connect();
  const expected = [1, 2].flatMap((n) => [`${n} error: draining`, `${n} closed: draining`]);
  assert.deepEqual(told(stage.service.drain()), expected);
  assert.deepEqual(stage.service.drain(), []);
});
