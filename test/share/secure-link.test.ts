import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { parseContentId, parsePeerId } from "#sdk/base/ids.ts";
import { makeProof } from "#sdk/client/share/handshake.ts";
import { SecureLink } from "#sdk/client/share/secure-link.ts";
import type { Connection, ConnectionEvents } from "#sdk/engine/ports.ts";
import { SHARE_VERSION } from "#sdk/protocol/share/limits.ts";
import { readShareMessage, type ShareMessage, writeShareMessage } from "#sdk/protocol/share/share-message.ts";
import { soon } from "./support/soon.ts";

const CONTENT = parseContentId("ab".repeat(32));
const US = parsePeerId("1".repeat(32));
const THEM = parsePeerId("2".repeat(32));
const FRAME = Uint8Array.of(0x0c, 0, 0, 0, 0, 0, 0, 0);
/** More than this may not come while a proof is being checked. */
const MOST_EARLY = 64;

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const prove = async (message: Uint8Array) =>
  new Uint8Array(createHmac("sha256", "link").update(message).digest());
const described = (type: string, fill: number) => ({
  type,
  sdp: `v=0\r\na=fingerprint:sha-256 ${Array(32).fill(fill.toString(16).padStart(2, "0")).join(":")}\r\n`,
});

/** The dialler's end of a link, whose wire the test holds. */
function dialled(ownProve = prove) {
  const sent: Uint8Array[] = [];
  const told: string[] = [];
  let wire: ConnectionEvents | undefined;
  const inner = {
    peer: THEM,
    bufferedBytes: 0,
    send: (frame: Uint8Array) => sent.push(frame.slice()) > 0,
    close: () => void told.push("hung up"),
    signal: () => undefined,
  };
  const link = new SecureLink({
    transport: {
      connect: ({ events }) => {
        wire = events;
        return inner;
      },
    },
    self: US,
    peer: THEM,
    content: CONTENT,
    nonce: bytes(1),
    prove: ownProve,
    initiator: true,
    events: {
      onOpen: () => void told.push("open"),
      onFrame: () => void told.push("frame"),
      onWritable: () => void told.push("writable"),
      onClose: () => void told.push("closed"),
      onSignal: () => undefined,
    },
    onProved: () => void told.push("proved"),
    onMessage: (_, { type }) => void told.push(type),
    onGone: () => void told.push("gone"),
    onUntrusted: (reason, by) => void told.push(`${reason} by ${by}`),
    onUnreachable: () => void told.push("unreachable"),
  });
  const events = wire as ConnectionEvents;
  const connection: Connection = inner;
  events.onSignal(connection, described("offer", 3));
  link.signal(described("answer", 4));
  const hear = (message: ShareMessage | Uint8Array) =>
    events.onFrame(connection, message instanceof Uint8Array ? message : writeShareMessage(message).slice());
  const greet = (version = SHARE_VERSION) => hear({ type: "greeting", version, nonce: bytes(2) });
  const theirProof = async () => {
    const pair = <T>(dialler: T, answerer: T) => ({ dialler, answerer });
    const transcript = {
      content: CONTENT,
      peers: pair(US, THEM),
      nonces: pair(bytes(1), bytes(2)),
      prints: pair(bytes(3), bytes(4)),
    };
    return { type: "proof" as const, ...(await makeProof("answerer", transcript, prove)) };
  };
  const said = () => sent.map((one) => ((one[0] as number) >= 0x80 ? readShareMessage(one).type : "frame"));
  const lose = () => events.onClose(connection, undefined);
  return { link, told, said, hear, greet, theirProof, lose, open: () => events.onOpen(connection) };
}

test("a frame goes out only once the other end is proved", async () => {
  const { link, told, said, hear, greet, theirProof, open } = dialled();
  assert.equal(link.send(FRAME), false);
  open();
  assert.equal(link.send(FRAME), false);
  greet();
  await soon(() => said().includes("proof"));
  assert.equal(link.send(FRAME), false);
  assert.deepEqual(said(), ["greeting", "proof"]);
  hear(await theirProof());
  await soon(() => told.includes("open"));
  assert.equal(link.send(FRAME), true);
  assert.deepEqual(said(), ["greeting", "proof", "frame"]);
  assert.deepEqual(told, ["proved", "open"]);
});

test("what comes while a proof is being checked is taken afterwards, in its order", async () => {
  const { told, hear, greet, theirProof, open } = dialled();
  open();
  greet();
  hear(await theirProof());
  for (let at = 0; at < MOST_EARLY; at++) hear(FRAME);
  assert.deepEqual(told, []);
  await soon(() => told.length > 2);
  assert.deepEqual(told, ["proved", "open", ...Array(MOST_EARLY).fill("frame")]);
});

test("who sends more than that is cut, though its proof is right", async () => {
  const { told, hear, greet, theirProof, open } = dialled();
  open();
  greet();
  hear(await theirProof());
  for (let at = 0; at <= MOST_EARLY; at++) hear(FRAME);
  await soon(() => told.includes("closed"));
  assert.deepEqual(told, ["unruly by us", "hung up", "closed"]);
});

test("our own proof is on its way before anything else is said to who is proved", async () => {
  let made = 0;
  const { link, told, said, hear, greet, theirProof, open } = dialled(async (message) => {
    // Our own proof is made first, here slowly; with the others theirs is compared.
    if (made++ < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    return prove(message);
  });
  const proof = await theirProof();
  open();
  greet();
  hear(proof);
  await soon(() => told.includes("open"));
  link.send(FRAME);
  assert.deepEqual(said(), ["greeting", "proof", "frame"]);
});

test("each of these ends it before anything is told: a frame, a second greeting, a second proof, a proof before a greeting", async () => {
  const proof = await dialled().theirProof();
  const cases = {
    frame: [FRAME],
    greeting: ["greet", "greet"],
    proof: ["greet", proof, proof],
    early: [proof],
  } as const;
  for (const [name, steps] of Object.entries(cases)) {
    const { told, hear, greet, open } = dialled();
    open();
    for (const step of steps) step === "greet" ? greet() : hear(step);
    await soon(() => told.includes("closed"));
    assert.deepEqual(told, ["unruly by us", "hung up", "closed"], name);
  }
});

test("of what each side is described as, the first counts, as it does for the connection", async () => {
  const { link, told, hear, greet, theirProof, open } = dialled();
  link.signal(described("answer", 9));
  open();
  greet();
  hear(await theirProof());
  await soon(() => told.length > 0);
  assert.deepEqual(told, ["proved", "open"]);
});

test("one that speaks a later version is told so", () => {
  const { told, said, greet, open } = dialled();
  open();
  greet(SHARE_VERSION + 1);
  assert.deepEqual(told, ["version by us", "hung up", "closed"]);
  assert.deepEqual(said(), ["greeting", "refusal"]);
});

test("who hangs up before it has proved anything is not trusted; afterwards it has just gone", async () => {
  const before = dialled();
  before.open();
  before.greet();
  before.lose();
  assert.deepEqual(before.told, ["silent by us", "closed"]);
  const after = dialled();
  after.open();
  after.greet();
  after.hear(await after.theirProof());
  await soon(() => after.told.includes("open"));
  after.lose();
  assert.deepEqual(after.told, ["proved", "open", "gone", "closed"]);
});

test("without a channel, two that heard of each other cannot reach each other", () => {
  const { told, lose } = dialled();
  lose();
  assert.deepEqual(told, ["unreachable", "closed"]);
});
