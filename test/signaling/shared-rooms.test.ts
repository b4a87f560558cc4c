import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { MemoryHub, type SignalingOptions, type SignalingServer } from "#signaling/index.ts";
import { contentNo, dialNo, identity } from "./support/identities.ts";
import { eventually, keptLog, runningServer } from "./support/running-server.ts";
import { TestClient } from "./support/test-client.ts";
import { TrackerClient } from "./support/tracker-client.ts";
import { answerText, offerIdNo, offers, peerIdNo } from "./support/tracker-texts.ts";

const content = contentNo(1);
const dial = dialNo(1);
const [ann, bob] = [identity(1), identity(2)];

/** Two servers with one bus between them; nothing may go wrong in them. */
async function pair(
  t: TestContext,
  options: Partial<SignalingOptions> = {},
): Promise<[SignalingServer, SignalingServer]> {
  const hub = new MemoryHub();
  const { lines, logger } = keptLog();
  t.after(() => assert.deepEqual(lines, []));
  const start = () => runningServer(t, options, { logger }, (events) => hub.connect(events));
  return [await start(), await start()];
}

/** Announces until as many members are known; news takes a moment from one process to the other. */
async function announced(client: TestClient, members: number) {
  for (;;) {
    const answer = await client.announce(content);
    if (answer.members === members) return answer;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The same of the WebTorrent path, as peer n. */
async function counted(client: TrackerClient, n: number, members: number): Promise<void> {
  while ((await client.announce(n)).incomplete !== members)
    await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A member on each of two servers, who know of each other. */
async function members(a: SignalingServer, b: SignalingServer): Promise<[TestClient, TestClient]> {
  const [first, second] = [await TestClient.greet(a.url, ann), await TestClient.greet(b.url, bob)];
  await first.announce(content);
  await announced(second, 2);
  await announced(first, 2);
  return [first, second];
}

test("members of one swarm on two servers are listed on both, and gone from both", async (t) => {
  const [a, b] = await pair(t);
  const [first, second] = await members(a, b);
  assert.deepEqual((await first.announce(content)).peers, [{ peer: bob.peer, complete: false }]);
  assert.deepEqual((await second.announce(content)).peers, [{ peer: ann.peer, complete: false }]);
  assert.deepEqual([a.stats().members, b.stats().members], [1, 1]);
  await second.announce(content, 50, true);
  while (!(await first.announce(content)).peers[0]?.complete) await new Promise(setImmediate);
  second.say({ type: "leave", content });
  assert.deepEqual((await announced(first, 1)).peers, []);
});

test("an introduction goes from one server to the other and back, with its text as it was", async (t) => {
  const [a, b] = await pair(t);
  const [first, second] = await members(a, b);
  const offer = { type: "offer", sdp: "é😀 \ud800 \u2028" };
  first.say({ type: "introduce", to: bob.peer, content, dial, signal: offer });
  assert.deepEqual(await second.next("introduce"), {
    ...{ type: "introduce", from: ann.peer, content, dial },
    signal: offer,
  });
  second.say({ type: "introduce", to: ann.peer, content, dial, signal: { type: "answer", sdp: "a" } });
  assert.deepEqual((await first.next("introduce")).signal, { type: "answer", sdp: "a" });
});

test("who introduces himself to somebody who is gone over there is told so, naming the attempt", async (t) => {
  const hub = new MemoryHub();
  // The news of rooms is slow to come to the first server.
  const late: (() => void)[] = [];
  let isSlow = false;
  const a = await runningServer(t, {}, {}, (events) =>
    hub.connect({
      onSubscribed: (channel) => events.onSubscribed(channel),
      onUp: () => events.onUp(),
      onDown: (cause) => events.onDown(cause),
      onMessage: (channel, text) => {
        if (isSlow && channel.includes(":room:")) late.push(() => events.onMessage(channel, text));
        else events.onMessage(channel, text);
      },
    }),
  );
  const b = await runningServer(t, {}, {}, (events) => hub.connect(events));
  const [first, second] = await members(a, b);
  isSlow = true;
  second.say({ type: "leave", content });
  await eventually(() => late.length > 0);
  first.say({ type: "introduce", to: bob.peer, content, dial, signal: { type: "offer" } });
  const { code, about } = await first.next("error");
  assert.deepEqual([code, about], ["unknown-peer", { content, to: bob.peer, dial }]);
  for (const act of late) act();
  assert.equal((await first.announce(content)).members, 1);
  first.say({ type: "introduce", to: bob.peer, content, dial, signal: { type: "offer" } });
  assert.equal((await first.next("error")).code, "unknown-peer");
});

test("a peer that comes back on the other server is replaced on this one, and its place is there", async (t) => {
  const [a, b] = await pair(t);
  const [first, second] = await members(a, b);
  const moved = await TestClient.greet(b.url, ann);
  await announced(moved, 2);
  assert.equal((await first.next("error")).code, "replaced");
  assert.deepEqual(await first.closed, { code: 4002, reason: "replaced" });
  await eventually(() => a.stats().connections === 0);
  assert.deepEqual([a.stats().members, b.stats().members], [0, 2]);
  second.say({ type: "introduce", to: ann.peer, content, dial, signal: { type: "offer" } });
  assert.equal((await moved.next("introduce")).from, bob.peer);
});

test("a server that closes takes its members out of the other's swarms", async (t) => {
  const [a, b] = await pair(t);
  const [first] = await members(a, b);
  await b.close();
  assert.deepEqual((await announced(first, 1)).peers, []);
});

test("WebTorrent's offers and answers go from one server to the other, once, and no forged ones", async (t) => {
  const [a, b] = await pair(t);
  const [first, second, mallory] = [
    await TrackerClient.connect(a.url),
    await TrackerClient.connect(b.url),
    await TrackerClient.connect(b.url),
  ];
  await first.announce(1);
  await counted(second, 2, 2);
  await counted(first, 1, 2);
  await first.announce(1, { offers: offers(3) });
  const offer = await second.next();
  assert.deepEqual([offer.peer_id, offer.offer], [peerIdNo(1), { type: "offer", sdp: "o0" }]);
  await counted(mallory, 3, 3);
  mallory.say(answerText({ peer_id: peerIdNo(3) }));
  second.say(answerText({ answer: { type: "answer", sdp: "é\ud800" } }));
  second.say(answerText({ answer: { type: "answer", sdp: "twice" } }));
  const answer = await first.next();
  assert.deepEqual(
    [answer.peer_id, answer.offer_id, answer.answer],
    [peerIdNo(2), offerIdNo(0), { type: "answer", sdp: "é\ud800" }],
  );
  second.socket.close();
  mallory.socket.close();
  // Whatever else had come by now would be read in place of an announce's answer.
  await counted(first, 1, 1);
});
