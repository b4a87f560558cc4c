import assert from "node:assert/strict";
import { test } from "node:test";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { runningServer } from "../support/running-server.ts";
import { TestClient } from "../support/test-client.ts";
import { TrackerClient } from "../support/tracker-client.ts";
import { hashNo, offers, peerIdNo } from "../support/tracker-texts.ts";

const content = contentNo(1);

test("messages that come in one turn are handed on in order, among answers and pongs", async (t) => {
  const server = await runningServer(t, { messageBurst: 10_000 });
  const a = await TestClient.greet(server.url, identity(1));
  const b = await TestClient.greet(server.url, identity(2));
  await a.announce(content);
  await b.announce(content);
  const seen: string[] = [];
  a.socket.on("pong", (data) => seen.push(data.toString()));
  const COUNT = 500;
  for (let n = 0; n < COUNT; n++) {
    const signal = { n, pad: "x".repeat((n % 50) * 20) };
    a.say({ type: "introduce", to: identity(2).peer, content, dial: dialNo(n), signal });
    if (n % 10 === 0) a.say({ type: "ping" });
    if (n % 25 === 0) a.socket.ping(`${n}`);
  }
  for (let n = 0; n < COUNT; n++) assert.equal((await b.next("introduce")).signal.n, n);
  for (let n = 0; n < COUNT; n += 10) await a.next("pong");
  await a.announce(content);
  assert.deepEqual(
    seen,
    Array.from({ length: COUNT / 25 }, (_, n) => `${25 * n}`),
  );
});

test("the answer to an announce comes before the offers that later ones bring", async (t) => {
  const server = await runningServer(t);
  const clients = await Promise.all([1, 2, 3].map(() => TrackerClient.connect(server.url)));
  for (const [n, client] of clients.entries()) await client.announce(n);
  const [a, b] = clients;
  assert.ok(a && b);
  for (let round = 0; round < 20; round++) {
    a.say(
      JSON.stringify({ action: "announce", info_hash: hashNo(1), peer_id: peerIdNo(0), offers: offers(2) }),
    );
    assert.ok("interval" in (await a.next()));
    for (const other of clients.slice(1)) assert.ok("offer" in (await other.next()));
  }
});

test("what was said just before a goodbye arrives before it", async (t) => {
  const server = await runningServer(t, { messageRate: 1, messageBurst: 3, maxRefusedMessages: 0 });
  const client = await TestClient.connect(server.url);
  for (let n = 0; n < 5; n++) client.say({ type: "ping" });
  assert.deepEqual(await client.closed, { code: 4000, reason: "rate-limited" });
  for (let n = 0; n < 3; n++) await client.next("pong");
  assert.equal((await client.next("error")).code, "rate-limited");
});
