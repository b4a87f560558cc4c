import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { type TestContext, test } from "node:test";
import { parseContentId } from "@rivulet/sdk/protocol";
import { SignJWT } from "jose";
import type { SignalingOptions } from "#signaling/index.ts";
import { identity } from "../support/identities.ts";
import { runningServer } from "../support/running-server.ts";
import { refusedUpgrade, TestClient } from "../support/test-client.ts";

const SECRET = "a secret of at least thirty-two bytes";
const FILM = parseContentId("f1".repeat(32));
const SONG = parseContentId("50".repeat(32));
const minute = 60_000;

const sign = (claims: object = {}, secret = SECRET) =>
  new SignJWT({ aud: "rivulet", sub: "visitor", exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));

/** A server that asks for tokens, and a clock that the test can put forward. */
async function guarded(t: TestContext, options: Partial<SignalingOptions> = {}) {
  let skewMs = 0;
  const server = await runningServer(
    t,
    { tokenSecret: SECRET, greetingTimeoutMs: 2000, ...options },
    { now: () => performance.now() + skewMs },
  );
  return {
    withToken: (token: string) => `${server.url}/?token=${token}`,
    url: server.url,
    forward: (ms: number) => {
      skewMs += ms;
    },
  };
}

test("who brings no token, a bad one or an old one learns which, and is closed with 4003", async (t) => {
  const { url, withToken } = await guarded(t);
  for (const [code, target] of [
    ["token-missing", url],
    ["token-invalid", withToken("nonsense")],
    ["token-invalid", withToken(await sign({}, `${SECRET}!`))],
    ["token-expired", withToken(await sign({ exp: 1 }))],
  ] as const) {
    const client = await TestClient.connect(target);
    assert.equal((await client.next("error")).code, code);
    assert.deepEqual(await client.closed, { code: 4003, reason: "token-refused" });
  }
});

test("who brings a good one gets what it names, and an error for every other content", async (t) => {
  const { withToken } = await guarded(t);
  const client = await TestClient.greet(withToken(await sign({ contents: [FILM] })), identity(1));
  assert.equal((await client.announce(FILM)).members, 1);
  client.say({ type: "announce", content: SONG, want: 1, complete: false });
  const { code, about } = await client.next("error");
  assert.deepEqual([code, about], ["content-not-allowed", { content: SONG }]);
  client.say({ type: "ping" });
  await client.next("pong");
});

test("a connection whose token ends is told so and closed, and not before", async (t) => {
  const { withToken, forward } = await guarded(t);
  const client = await TestClient.greet(withToken(await sign()), identity(1));
  forward(50_000);
  await client.announce(FILM);
  forward(20_000);
  assert.equal((await client.next("error")).code, "token-expired");
  assert.deepEqual(await client.closed, { code: 4003, reason: "token-refused" });
});

test("one holder has so many connections at a time, whatever tokens it brings; another has its own", async (t) => {
  const { withToken } = await guarded(t, { maxConnectionsPerToken: 1 });
  const first = await TestClient.greet(withToken(await sign({ jti: "1" })), identity(1));
  const second = await TestClient.connect(withToken(await sign({ jti: "2" })));
  assert.equal((await second.next("error")).code, "too-many-connections-with-token");
  assert.equal((await second.closed).code, 4003);
  await TestClient.greet(withToken(await sign({ sub: "somebody else" })), identity(2));
  first.socket.close();
  await first.closed;
  await TestClient.greet(withToken(await sign()), identity(3));
});

test("the connections of one holder share its messages", async (t) => {
  const { withToken } = await guarded(t, { addressMessageBurst: 3, addressMessageRate: 1 });
  const [one, two] = [
    await TestClient.greet(withToken(await sign()), identity(1)),
    await TestClient.greet(withToken(await sign()), identity(2)),
  ];
  one.say({ type: "ping" });
  await one.next("pong");
  two.say({ type: "ping" });
  assert.equal((await two.next("error")).code, "rate-limited");
});

test("an address that connects too fast is refused with 429", async (t) => {
  const server = await runningServer(t, { addressConnectBurst: 1, addressConnectRate: 1 });
  const client = await TestClient.connect(server.url);
  assert.deepEqual(await refusedUpgrade(server.url), { status: 429, body: { code: "connecting-too-fast" } });
  client.socket.close();
});

test("behind a trusted proxy each of its clients is counted by its own address", async (t) => {
  const server = await runningServer(t, { trustProxy: ["loopback"], maxConnectionsPerAddress: 1 });
  const from = (address: string) => ({ headers: { "x-forwarded-for": `203.0.113.9, ${address}` } });
  await TestClient.connect(server.url, from("198.51.100.1"));
  await TestClient.connect(server.url, from("198.51.100.2"));
  const { status } = await refusedUpgrade(server.url, from("198.51.100.1"));
  assert.equal(status, 429);
});

test("TURN credentials come with the welcome, and fresh ones with an announce when half of their life is over", async (t) => {
  const options = { turnUrls: ["turn:turn.example:3478"], turnSecret: "north", turnTtlMs: 2 * minute };
  const { url, forward } = await guarded(t, { tokenSecret: undefined, ...options });
  const { peer, secret } = identity(1);
  const client = await TestClient.connect(url);
  client.say({ type: "hello", version: 1, peer, secret });
  const { ice } = await client.next("welcome");
  assert.equal(ice?.expiresInMs, 2 * minute);
  const [{ urls, username = "", credential } = { urls: [] }] = ice.servers;
  assert.deepEqual(urls, options.turnUrls);
  assert.equal(credential, createHmac("sha1", "north").update(username).digest("base64"));
  const [expiry, whom] = username.split(":");
  assert.equal(whom, peer);
  assert.ok(Math.abs(Number(expiry) * 1000 - Date.now() - 2 * minute) < 30_000);
  await client.announce(FILM);
  forward(61_000);
  client.say({ type: "announce", content: FILM, want: 1, complete: false });
  const renewed = await client.next("ice");
  await client.next("peers");
  assert.equal(renewed.ice.expiresInMs, 2 * minute);
  assert.deepEqual(renewed.ice.servers[0]?.urls, options.turnUrls);
  await client.announce(FILM);
});
