import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { ann, bob, content, dial, eve, messageOf, Stage, signal, told } from "../support/stage.ts";

test("a peer that proves its id is welcome, and told how often the server pings", () => {
  const stage = new Stage({ heartbeatMs: 7 * second });
  const connection = stage.connect();
  const message = { type: "welcome", version: 1, heartbeatMs: 7 * second } as const;
  const [welcome, ...others] = stage.hello(connection, ann);
  assert.deepEqual([messageOf(welcome), welcome?.to, others], [message, connection, []]);
});

test("nobody can claim an id without its secret, and a true hello is still heard after a false one", () => {
  const stage = new Stage();
  const connection = stage.connect();
  assert.deepEqual(told(stage.hello(connection, { peer: ann.peer, secret: eve.secret })), [
    "1 error: bad-secret",
  ]);
  assert.equal(stage.held.peers, 0);
  assert.deepEqual(told(stage.hello(connection, eve)), ["1 welcome"]);
});

test("a false claim on a connected peer's id leaves that peer connected", () => {
  const stage = new Stage();
  const owner = stage.member(ann);
  stage.hello(stage.connect(), { peer: ann.peer, secret: eve.secret });
  assert.deepEqual(told(stage.join(owner)), ["1 peers"]);
});

test("a version that the server does not speak is refused by name", () => {
  const stage = new Stage();
  const connection = stage.connect();
  assert.deepEqual(told(stage.say(connection, { ...ann, type: "hello", version: 2 })), ["1 error: version"]);
});

test("before hello everything but ping is refused", () => {
  const stage = new Stage();
  const connection = stage.connect();
  assert.deepEqual(told(stage.say(connection, { type: "ping" })), ["1 pong"]);
  assert.deepEqual(told(stage.join(connection)), ["1 error: not-greeted"]);
  assert.deepEqual(told(stage.introduce(connection, bob)), ["1 error: not-greeted"]);
  assert.deepEqual(told(stage.say(connection, { type: "leave", content })), ["1 error: not-greeted"]);
});

test("hello may be repeated, but not as somebody else", () => {
  const stage = new Stage();
  const connection = stage.member(ann);
  assert.deepEqual(told(stage.hello(connection, ann)), ["1 welcome"]);
  assert.deepEqual(told(stage.hello(connection, bob)), ["1 error: already-greeted"]);
  assert.equal(stage.held.members, 1);
});

test("a reconnect takes the peer's place at once: introductions go to the new connection", () => {
  const stage = new Stage();
  const dead = stage.member(ann);
  const other = stage.member(bob);
  const alive = stage.connect();
  assert.deepEqual(told(stage.hello(alive, ann)), ["1 error: replaced", "1 closed: replaced", "3 welcome"]);
  stage.join(alive);
  assert.deepEqual(told(stage.introduce(other, ann)), ["3 introduce"]);
  assert.deepEqual(stage.join(dead), []);
  stage.disconnect(dead);
  assert.deepEqual(told(stage.introduce(other, ann)), ["3 introduce"]);
});

test("a peer that reconnects is in no swarm until it announces again", () => {
  const stage = new Stage();
  stage.member(ann);
  const other = stage.member(bob);
  stage.hello(stage.connect(), ann);
  assert.deepEqual(told(stage.introduce(other, ann)), ["2 error: unknown-peer"]);
});

test("an introduction carries the sender's proven id, whatever it writes, and the signal unchanged", () => {
  const stage = new Stage();
  const sender = stage.member(ann);
  const receiver = stage.member(bob);
  const forged = JSON.stringify({ type: "introduce", from: eve.peer, to: bob.peer, content, dial, signal });
  const message = { type: "introduce", from: ann.peer, content, dial, signal } as const;
  const [introduced, ...others] = stage.text(sender, forged);
  assert.deepEqual([messageOf(introduced), introduced?.to, others], [message, receiver, []]);
});

test("introductions are relayed between members of one swarm only, and the refusal names the attempt", () => {
  const stage = new Stage();
  const sender = stage.connect();
  stage.hello(sender, ann);
  stage.member(bob);
  assert.deepEqual(told(stage.introduce(sender, bob)), ["1 error: not-a-member"]);
  stage.join(sender);
  const outsider = stage.connect();
  stage.hello(outsider, eve);
  const refused = messageOf(stage.introduce(sender, eve)[0]);
  assert.ok(refused?.type === "error");
  assert.equal(refused.code, "unknown-peer");
  assert.deepEqual(refused.about, { content, to: eve.peer, dial });
  assert.deepEqual(told(stage.introduce(sender, ann)), ["1 error: unknown-peer"]);
});

test("who has left, or is gone, is introduced to nobody and holds no memory", () => {
  const stage = new Stage();
  const sender = stage.member(ann);
  const leaver = stage.member(bob);
  assert.deepEqual(stage.say(leaver, { type: "leave", content }), []);
  assert.deepEqual(told(stage.introduce(sender, bob)), ["1 error: unknown-peer"]);
  stage.join(leaver);
  stage.disconnect(leaver);
  assert.deepEqual(told(stage.introduce(sender, bob)), ["1 error: unknown-peer"]);
  stage.disconnect(sender);
  assert.deepEqual(stage.held, { peers: 0, rooms: 0, members: 0 });
});
