import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { WebSocket } from "ws";
import { createIdentity } from "#sdk/adapters/identity.ts";
import { toHex } from "#sdk/base/bytes.ts";
import { TrackerEar } from "#test/contract/tracker.ts";
import { DIAL, FILM, OTHER, PEER, SECRET, SONG, stage, stageUp, TIMEOUT } from "./tracker-stage.ts";

test("says hello first, and is up only when welcomed", TIMEOUT, async (t) => {
  const { server, ear, tracker } = await stage(t);
  tracker.announce(FILM, { want: 5, complete: false });
  assert.deepEqual(await server.heard(1), { type: "hello", version: 1, peer: PEER, secret: SECRET });
  assert.deepEqual(ear.names, []);
  assert.equal(ear.reached, 1);
  server.welcome();
  await ear.until("up");
  assert.deepEqual(await server.heard(2), { type: "announce", content: FILM, want: 5, complete: false });
});

test("a message that makes no sense is reported and ignored", TIMEOUT, async (t) => {
  const { server, ear } = await stageUp(t);
  const bad = ["", "{", "[]", "null", '{"type":"peers"}', '{"type":"dance"}', "x".repeat(70_000)];
  for (const text of bad) server.say(text);
  server.socket.send(Buffer.from([1, 2, 3]));
  await ear.until("refused", bad.length + 1);
  server.say({ type: "introduce", from: OTHER, content: FILM, dial: DIAL, signal: { type: "offer" } });
  assert.equal((await ear.until("introduction")).from, OTHER);
  const codes = ear.heard.flatMap((event) => (event.on === "refused" ? [event.code] : []));
  assert.deepEqual(codes, [
    ...Array(5).fill("message-malformed"),
    "message-unknown-type",
    "message-too-large",
    "message-malformed",
  ]);
});

test("peers of a content that was left meanwhile are not handed on", TIMEOUT, async (t) => {
  const { server, ear, tracker } = await stageUp(t);
  for (const content of [FILM, SONG]) tracker.announce(content, { want: 5, complete: false });
  tracker.leave(FILM);
  for (const content of [FILM, SONG]) {
    server.say({
      type: "peers",
      content,
      peers: [{ peer: OTHER, complete: true }],
      members: 2,
      intervalMs: 9,
    });
  }
  assert.deepEqual(await ear.until("peers"), { on: "peers", content: SONG, peers: [OTHER] });
});

test("a refusal of one request keeps the link", TIMEOUT, async (t) => {
  const { server, ear } = await stageUp(t);
  server.say({ type: "error", code: "room-full", message: "Full.", about: { content: FILM } });
  await ear.until("refused");
  server.say({ type: "error", code: "unknown-peer", message: "Gone.", about: { to: OTHER, dial: DIAL } });
  assert.deepEqual(await ear.until("unknown-peer"), { on: "unknown-peer", peer: OTHER, dial: DIAL });
  assert.deepEqual(ear.names, ["up", "refused", "unknown-peer"]);
});

test("introductions are dropped while the socket does not drain; announces are not", TIMEOUT, async (t) => {
  class StuckWebSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      Object.defineProperty(this, "bufferedAmount", { value: 300 * 1024 });
    }
  }
  const { server, tracker } = await stageUp(t, { WebSocket: StuckWebSocket });
  tracker.introduce({ to: OTHER, content: FILM, dial: DIAL, signal: { type: "offer" } });
  tracker.announce(FILM, { want: 1, complete: false });
  assert.equal((await server.heard(2)).type, "announce");
});

test("closing from within an event is final", TIMEOUT, async (t) => {
  const ear = new TrackerEar();
  const { server, timers, tracker } = await stage(t, { events: ear });
  ear.onRefused = () => tracker.close();
  await server.heard(1);
  server.say({ type: "error", code: "version", message: "No." });
  await new Promise((resolve) => server.socket.once("close", resolve));
  assert.deepEqual(ear.names, []);
  assert.equal(timers.pending.size, 0);
});

test("an identity is a fresh secret and the head of its hash", async () => {
  let next = 0;
  const identity = await createIdentity(
    async (bytes) => createHash("sha256").update(bytes).digest(),
    (length) => new Uint8Array(length).fill(++next),
  );
  assert.equal(identity.secret, toHex(new Uint8Array(32).fill(1)));
  assert.equal(identity.peer, "72cd6e8422c407fb6d098690f1130b7d");
});
