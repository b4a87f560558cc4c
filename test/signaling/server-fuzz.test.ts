import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { SIGNAL_ERROR_CODES } from "@rivulet/sdk/protocol";
import fc from "fast-check";
import { type RawData, WebSocket } from "ws";
import type { SignalingServer } from "#signaling/index.ts";
import { hostileText } from "./support/hostile.ts";
import { contentNo, dialNo, identity } from "./support/identities.ts";
import { httpUrl, runningServer } from "./support/running-server.ts";
import { TestClient } from "./support/test-client.ts";

const SOCKETS = 8;
const MESSAGES = 104_000;
// Each of these ends its connection (broken UTF-8, more than four times the limit), so there are fewer.
const ENDING = 400;
const MAX_MESSAGE_BYTES = 8 * 1024;
const BATCH = 250;
// What the messages must have got as an answer, or they were not hostile in enough ways.
const REACHED = [
  "malformed",
  "too-large",
  "unknown-type",
  "not-greeted",
  "bad-secret",
  "not-a-member",
  "introduce",
];

interface Hostile {
  readonly data: string | Buffer;
  readonly binary: boolean;
  /** Whether the server hangs up on it. */
  readonly ends: boolean;
}

function hostileMessages(seed: number): Hostile[] {
  const oversized = fc
    .integer({ min: MAX_MESSAGE_BYTES, max: 4 * MAX_MESSAGE_BYTES })
    .map((size) => "[".repeat(size));
  const bytes = fc.uint8Array({ maxLength: 40 }).map((values) => Buffer.from(values));
  const survivable: fc.Arbitrary<Hostile> = fc.oneof(
    { weight: 200, arbitrary: hostileText().map((data) => ({ data, binary: false, ends: false })) },
    { weight: 20, arbitrary: bytes.map((data) => ({ data, binary: true, ends: false })) },
    { weight: 1, arbitrary: oversized.map((data) => ({ data, binary: false, ends: false })) },
  );
  const ending: fc.Arbitrary<Hostile> = fc
    .oneof(
      bytes.map((noise) => Buffer.concat([noise, Buffer.of(0xff)])),
      fc.constant("x".repeat(4 * MAX_MESSAGE_BYTES + 1)),
    )
    .map((data) => ({ data, binary: false, ends: true }));
  const messages = fc.sample(survivable, { numRuns: MESSAGES - ENDING, seed });
  const endings = fc.sample(ending, { numRuns: ENDING, seed });
  const gap = Math.floor(messages.length / ENDING);
  return messages.flatMap((message, n) => [
    message,
    ...(n % gap === 0 ? endings.slice(n / gap, n / gap + 1) : []),
  ]);
}

/** One attacker: sends its share and notes every kind of answer; connects again when it is thrown out. */
class Attacker {
  readonly answers = new Set<string>();
  sent = 0;
  readonly #url: string;
  readonly #n: number;

  constructor(url: string, n: number) {
    this.#url = url;
    this.#n = n;
  }

  async attack(messages: readonly Hostile[]): Promise<void> {
    for (let at = 0, socket = await this.#connect(); at < messages.length; ) {
      if (socket.readyState !== WebSocket.OPEN) socket = await this.#connect();
      for (const message of messages.slice(at, at + BATCH)) {
        at += 1;
        this.sent += 1;
        socket.send(message.data, { binary: message.binary });
        if (message.ends) break;
      }
      await flushed(socket);
      if (at >= messages.length) socket.close();
    }
  }

  /** Every other attacker is a proper member first, so that announces and introductions are attacked too. */
  async #connect(): Promise<WebSocket> {
    const socket = new WebSocket(this.#url);
    socket.on("error", () => {});
    socket.on("message", (data) => this.#note(data));
    await new Promise((resolve) => socket.once("open", resolve));
    if (this.#n % 2 === 0) socket.send(JSON.stringify({ type: "hello", version: 1, ...identity(this.#n) }));
    return socket;
  }

  #note(data: RawData): void {
    const { type, code } = JSON.parse(data.toString());
    this.answers.add(type === "error" ? code : type);
  }
}

/** Resolves when the server has answered all that was sent, or has closed. */
function flushed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.once("pong", () => resolve());
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    else if (socket.readyState === WebSocket.CLOSED) resolve();
  });
}

async function normalExchange({ url }: SignalingServer): Promise<void> {
  const content = contentNo(99);
  const [a, b] = [await TestClient.greet(url, identity(901)), await TestClient.greet(url, identity(902))];
  await a.announce(content, 10, true);
  const { peers } = await b.announce(content);
  assert.deepEqual(peers, [{ peer: identity(901).peer, complete: true }]);
  b.say({ type: "introduce", to: identity(901).peer, content, dial: dialNo(1), signal: { type: "offer" } });
  assert.equal((await a.next("introduce")).from, identity(902).peer);
}

function seedOf(t: TestContext): number {
  const seed = Number(process.env.RIVULET_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`seed ${seed} (RIVULET_FUZZ_SEED=${seed} repeats it)`);
  return seed;
}

test(`a server under ${MESSAGES} hostile messages stays alive, answers in known codes, and serves on`, async (t) => {
  const log: string[] = [];
  const limits = { messageRate: 10_000_000, messageBurst: 10_000_000, maxMessageBytes: MAX_MESSAGE_BYTES };
  const server = await runningServer(t, { ...limits, maxRooms: 50 }, { log: (line) => log.push(line) });
  const messages = hostileMessages(seedOf(t));
  const attackers = Array.from({ length: SOCKETS }, (_, n) => new Attacker(server.url, n));
  const share = Math.ceil(messages.length / SOCKETS);
  await Promise.all(attackers.map((it, n) => it.attack(messages.slice(n * share, (n + 1) * share))));

  const sent = attackers.reduce((sum, attacker) => sum + attacker.sent, 0);
  assert.ok(sent >= 100_000, `only ${sent} messages were sent`);
  const known = new Set<string>([...SIGNAL_ERROR_CODES, "welcome", "peers", "introduce", "pong"]);
  const answers = new Set(attackers.flatMap((attacker) => [...attacker.answers]));
  for (const answer of answers) assert.ok(known.has(answer), `unknown answer ${answer}`);
  for (const answer of REACHED) assert.ok(answers.has(answer), `the messages never reached ${answer}`);
  assert.deepEqual(log, [], "something failed inside");

  const health = await fetch(httpUrl(server, "/healthz"));
  assert.equal(health.status, 200);
  const { rooms, messagesReceived } = Object(await health.json());
  assert.ok(rooms <= 50);
  assert.ok(messagesReceived >= 100_000);
  await normalExchange(server);
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
});
