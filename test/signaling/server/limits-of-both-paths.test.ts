import assert from "node:assert/strict";
import { test } from "node:test";
import { SignJWT } from "jose";
import { eventually, httpUrl, runningServer } from "../support/running-server.ts";
import { refusedUpgrade, TestClient } from "../support/test-client.ts";
import { TrackerClient } from "../support/tracker-client.ts";
import { hashNo, hexOf, offerIdNo, scrapeText } from "../support/tracker-texts.ts";

test("the messages of one address are counted together on both paths, and both are told in their words", async (t) => {
  const server = await runningServer(t, { addressMessageRate: 1, addressMessageBurst: 2 });
  const [own, tracker] = [await TestClient.connect(server.url), await TrackerClient.connect(server.url)];
  own.say({ type: "ping" });
  await own.next("pong");
  await tracker.announce(1);
  own.say({ type: "ping" });
  assert.equal((await own.next("error")).code, "rate-limited");
  tracker.say(scrapeText(hashNo(1)));
  assert.equal(await tracker.failure(), "rate-limited");
});

test("on the WebTorrent path a client beyond its rate is refused, and closed when it goes on", async (t) => {
  const server = await runningServer(t, { messageRate: 1, messageBurst: 2, maxRefusedMessages: 3 });
  const client = await TrackerClient.connect(server.url);
  for (let n = 0; n < 30; n++) client.say(scrapeText(hashNo(1)));
  assert.deepEqual(await client.closed, { code: 4000, reason: "rate-limited" });
  for (let n = 0; n < 2; n++) assert.equal((await client.next()).action, "scrape");
  assert.equal(await client.failure(), "rate-limited");
});

test("on the WebTorrent path a message over the limit is refused; far over it, ws closes with 1009", async (t) => {
  const server = await runningServer(t, { maxMessageBytes: 1000 });
  const client = await TrackerClient.connect(server.url);
  client.say("x".repeat(1001));
  assert.equal(await client.failure(), "too-large");
  client.say("x".repeat(4001));
  assert.equal((await client.closed).code, 1009);
});

test("on the WebTorrent path a client that asks for nothing in time is closed", async (t) => {
  const server = await runningServer(t, { greetingTimeoutMs: 20 });
  const client = await TrackerClient.connect(server.url);
  assert.equal(await client.failure(), "not-greeted");
  assert.deepEqual(await client.closed, { code: 4001, reason: "not-greeted" });
});

test("on the WebTorrent path a client that does not read is cut off by the bytes that wait for it", async (t) => {
  const server = await runningServer(t, {
    maxBufferedBytes: 64 * 1024,
    messageBurst: 100_000,
    messageRate: 10_000,
  });
  const [slow, sender] = [await TrackerClient.connect(server.url), await TrackerClient.connect(server.url)];
  await slow.announce(2);
  slow.socket.pause();
  const offer = { type: "offer", sdp: "x".repeat(40_000) };
  // The kernel's own buffers have to fill first; how much they take is its business.
  while (server.stats().connectionsCut === 0)
    await sender.announce(1, { offers: [{ offer, offer_id: offerIdNo(0) }] });
  await eventually(() => server.stats().connections === 1);
  assert.equal((await sender.announce(1)).incomplete, 1);
});

test("on the WebTorrent path a token is asked for and heeded, and its end is the connection's", async (t) => {
  const tokenSecret = "a secret of at least thirty-two bytes";
  let clockMs = 0;
  const clock = { now: () => clockMs, epochNow: () => clockMs };
  const server = await runningServer(t, { tokenSecret, greetingTimeoutMs: 100 }, clock);
  const refused = { code: 4003, reason: "token-refused" };
  const stranger = await TrackerClient.connect(server.url);
  assert.equal(await stranger.failure(), "token-missing");
  assert.deepEqual(await stranger.closed, refused);
  const token = await new SignJWT({ aud: "rivulet", exp: 60, contents: [hexOf(hashNo(1))] })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(tokenSecret));
  const client = await TrackerClient.connect(server.url, {}, `?token=${token}`);
  assert.equal((await client.announce(1)).incomplete, 1);
  client.say(scrapeText(hashNo(2)));
  assert.equal(await client.failure(), "content-not-allowed");
  clockMs = 66_000;
  assert.equal(await client.failure(), "token-expired");
  assert.deepEqual(await client.closed, refused);
});

test("without the WebTorrent path there is nothing there to connect to", async (t) => {
  const server = await runningServer(t, { webTorrent: false });
  assert.deepEqual(await refusedUpgrade(`${server.url}/announce`), {
    status: 404,
    body: { code: "not-found" },
  });
});

test("readiness says when the server is full and when it stops; liveness goes on", async (t) => {
  const server = await runningServer(t, { maxConnections: 1, closeTimeoutMs: 5000 });
  const ask = async (path: string) => {
    const response = await fetch(httpUrl(server, path));
    return [response.status, Object(await response.json()).status];
  };
  assert.deepEqual(await ask("/readyz"), [200, "ready"]);
  await TestClient.connect(server.url);
  assert.deepEqual(await ask("/readyz"), [503, "full"]);
  assert.deepEqual(await ask("/healthz"), [200, "ok"]);
});

test("metrics are served, to who has the token where there is one", async (t) => {
  const [open, closed] = [await runningServer(t), await runningServer(t, { metricsToken: "sesame" })];
  const client = await TrackerClient.connect(open.url);
  await client.announce(1);
  const response = await fetch(httpUrl(open, "/metrics"));
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
  const text = await response.text();
  assert.match(text, /^rivulet_connections\{path="webtorrent"\} 1$/m);
  assert.match(text, /^rivulet_announces_total\{path="webtorrent"\} 1$/m);
  assert.match(text, /^nodejs_eventloop_lag_seconds /m);
  const ask = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    return (await fetch(httpUrl(closed, "/metrics"), { headers })).status;
  };
  assert.deepEqual([await ask(), await ask("Bearer other"), await ask("Bearer sesame")], [401, 401, 200]);
});
