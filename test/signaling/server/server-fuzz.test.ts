import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { SIGNAL_ERROR_CODES } from "@rivulet/sdk/protocol";
import type { SignalingServer } from "#signaling/index.ts";
import { Attacker, hostileMessages } from "../support/attacker.ts";
import { hostileText } from "../support/hostile.ts";
import { hostileTrackerText } from "../support/hostile-tracker.ts";
import { contentNo, dialNo, identity } from "../support/identities.ts";
import { eventually, httpUrl, keptLog, runningServer } from "../support/running-server.ts";
import { TestClient } from "../support/test-client.ts";
import { TrackerClient } from "../support/tracker-client.ts";
import { announceText, offers, peerIdNo } from "../support/tracker-texts.ts";

/** Of each path. */
const SOCKETS = 4;
const MESSAGES = 52_000;
// Each of these ends its connection (broken UTF-8, more than four times the limit), so there are fewer.
const ENDING = 200;
const HALF_OPEN = 30;
const FAST = 10_000_000;
const LIMITS = {
  ...{ maxMessageBytes: 8 * 1024, maxBufferedBytes: 256 * 1024, maxRooms: 50 },
  ...{ messageRate: FAST, messageBurst: FAST, addressMessageRate: FAST, addressMessageBurst: FAST },
  ...{ addressConnectRate: FAST, addressConnectBurst: FAST, trustProxy: ["loopback"] },
};
// What the messages must have got as an answer, or they were not hostile in enough ways.
const REACHED = {
  own: ["malformed", "too-large", "unknown-type", "not-greeted", "bad-secret", "not-a-member", "introduce"],
  tracker: [
    ...["malformed", "too-large", "unknown-type", "not-a-member", "unknown-peer", "too-many-rooms"],
    ...["reply", "offer", "answer", "scrape"],
  ],
};
const KNOWN = new Set<string>([
  ...SIGNAL_ERROR_CODES,
  ...["welcome", "peers", "introduce", "pong", "reply", "offer", "answer", "scrape"],
]);

/** Every other attacker is a proper member first, so that announces and introductions are attacked too. */
function ownAttacker(url: string, n: number): Attacker {
  const greeting = JSON.stringify({ type: "hello", version: 1, ...identity(n) });
  const kindOf = ({ type, code }: Readonly<Record<string, unknown>>) =>
    String(type === "error" ? code : type);
  return new Attacker(url, { address: `192.0.2.${n}`, greeting: n % 2 === 0 ? greeting : undefined, kindOf });
}

function trackerAttacker(url: string, n: number): Attacker {
  const greeting = announceText({ peer_id: peerIdNo(n), offers: offers(3) });
  const kindOf = (message: Readonly<Record<string, unknown>>) => {
    const reason = message["failure reason"];
    if (reason !== undefined) return /\(([a-z-]+)\)$/.exec(String(reason))?.[1] ?? "no code";
    return message.action === "scrape"
      ? "scrape"
      : (["offer", "answer"].find((kind) => kind in message) ?? "reply");
  };
  const manner = { address: `192.0.2.${n}`, greeting: n % 2 === 0 ? greeting : undefined, kindOf };
  return new Attacker(`${url}/announce`, manner);
}

/** Sockets that begin something and never end it: a request, a handshake, a frame. */
function halfOpen({ port }: SignalingServer): Socket[] {
  const upgrade =
    "GET /announce HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const starts = ["", "GET /healthz HTTP/1.1\r\n", upgrade, `${upgrade}\r\n`, `${upgrade}\r\n\x81\xfe\x10`];
  return Array.from({ length: HALF_OPEN }, (_, n) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(starts[n % starts.length] ?? "", "latin1");
    return socket;
  });
}

/** A member of the swarm under attack that reads nothing. */
async function slowReader({ url }: SignalingServer): Promise<TrackerClient> {
  const client = await TrackerClient.connect(url);
  await client.announce(900);
  client.socket.pause();
  return client;
}

async function normalExchange({ url }: SignalingServer): Promise<void> {
  const content = contentNo(99);
  const [a, b] = [await TestClient.greet(url, identity(901)), await TestClient.greet(url, identity(902))];
  await a.announce(content, 10, true);
  const { peers } = await b.announce(content);
  assert.deepEqual(peers, [{ peer: identity(901).peer, complete: true }]);
  b.say({ type: "introduce", to: identity(901).peer, content, dial: dialNo(1), signal: { type: "offer" } });
  assert.equal((await a.next("introduce")).from, identity(902).peer);
  const tracker = await TrackerClient.connect(url);
  assert.equal((await tracker.announce(903)).incomplete, 1);
}

function seedOf(t: TestContext): number {
  const seed = Number(process.env.RIVULET_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`seed ${seed} (RIVULET_FUZZ_SEED=${seed} repeats it)`);
  return seed;
}

test(`a server under ${2 * MESSAGES} hostile messages stays alive, answers in known codes, and serves on`, async (t) => {
  const { logger, lines } = keptLog();
  const server = await runningServer(t, LIMITS, { logger });
  const size = { count: MESSAGES, ending: ENDING, maxMessageBytes: LIMITS.maxMessageBytes, seed: seedOf(t) };
  const idle = halfOpen(server);
  const slow = await slowReader(server);
  const share = Math.ceil(MESSAGES / SOCKETS);
  const assault = async (texts: ReturnType<typeof hostileText>, attackers: readonly Attacker[]) => {
    const messages = hostileMessages(texts, size);
    await Promise.all(attackers.map((it, n) => it.attack(messages.slice(n * share, (n + 1) * share))));
    const sent = attackers.reduce((sum, attacker) => sum + attacker.sent, 0);
    assert.ok(sent >= 50_000, `only ${sent} messages were sent`);
    return new Set(attackers.flatMap((attacker) => [...attacker.answers]));
  };
  const numbers = Array.from({ length: SOCKETS }, (_, n) => n);
  const answers = {
    own: await assault(
      hostileText(),
      numbers.map((n) => ownAttacker(server.url, n)),
    ),
    tracker: await assault(
      hostileTrackerText(),
      numbers.map((n) => trackerAttacker(server.url, n)),
    ),
  };
  for (const path of ["own", "tracker"] as const) {
    for (const answer of answers[path]) assert.ok(KNOWN.has(answer), `unknown answer ${answer}`);
    for (const answer of REACHED[path])
      assert.ok(answers[path].has(answer), `never reached ${answer} (${path})`);
  }
  assert.deepEqual(lines, [], "something failed inside");

  const health = await fetch(httpUrl(server, "/healthz"));
  assert.equal(health.status, 200);
  const { rooms, messagesReceived } = Object(await health.json());
  assert.ok(rooms <= 2 * LIMITS.maxRooms);
  assert.ok(messagesReceived >= 100_000);
  slow.socket.terminate();
  for (const socket of idle) socket.destroy();
  await eventually(() => server.stats().connections === 0);
  const { rooms: left, members, peers } = server.stats();
  assert.deepEqual({ left, members, peers }, { left: 0, members: 0, peers: 0 });
  await normalExchange(server);
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
});
