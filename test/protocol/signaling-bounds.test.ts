import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ClientMessage,
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  MAX_ICE_SERVERS,
  MAX_ICE_TEXT_LENGTH,
  MAX_SIGNAL_BYTES,
  MAX_SIGNAL_DEPTH,
  MAX_SIGNAL_MESSAGE_BYTES,
  parseContentId,
  parseDialId,
  parsePeerId,
  RivuletError,
} from "#sdk/protocol/signaling/index.ts";

const P = "0123456789abcdef0123456789abcdef";
const C = "c0".repeat(32);
const D = "00000000000000d1";
const peer = parsePeerId(P);
const content = parseContentId(C);
const dial = parseDialId(D);

const failsWith = (code: string) => (error: unknown) => error instanceof RivuletError && error.code === code;

test("a message over the limit is refused before it is parsed, and its bytes are counted as UTF-8", () => {
  const broken = "{".repeat(MAX_SIGNAL_MESSAGE_BYTES + 1);
  assert.throws(() => decodeClientMessage(broken), failsWith("message-too-large"));
  assert.throws(() => decodeServerMessage(broken), failsWith("message-too-large"));
  for (const character of ["a", "é", "€", "😀", "\ud800"]) {
    const text = `{"type":"ping","pad":"${character.repeat(20)}"}`;
    const bytes = Buffer.byteLength(text);
    assert.equal(decodeClientMessage(text, bytes).type, "ping");
    assert.throws(() => decodeClientMessage(text, bytes - 1), failsWith("message-too-large"), character);
  }
});

test("a signal is bounded in bytes as it will be sent on, whichever way it was written", () => {
  const text = (signalText: string) =>
    `{"type":"introduce","to":"${P}","content":"${C}","dial":"${D}","signal":${signalText}}`;
  const sdp = (bytes: number) => `{"sdp":"${"x".repeat(bytes - '{"sdp":""}'.length)}"}`;
  assert.equal(decodeClientMessage(text(sdp(MAX_SIGNAL_BYTES))).type, "introduce");
  assert.throws(() => decodeClientMessage(text(sdp(MAX_SIGNAL_BYTES + 1))), failsWith("message-too-large"));
  // 4 bytes each here, 21 when written again.
  const growing = `{"n":[${"1e20,".repeat(4000)}0]}`;
  assert.ok(growing.length < MAX_SIGNAL_BYTES);
  assert.throws(() => decodeClientMessage(text(growing)), failsWith("message-too-large"));
});

test("a peer is told before sending that its signal is too large", () => {
  const large = { sdp: "x".repeat(MAX_SIGNAL_BYTES) };
  const message: ClientMessage = { type: "introduce", to: peer, content, dial, signal: large };
  assert.throws(() => encodeClientMessage(message), failsWith("message-too-large"));
});

test("a signal is bounded in depth, and 10,000 levels overflow nothing", () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const text = (levels: number) =>
    `{"type":"introduce","to":"${P}","content":"${C}","dial":"${D}","signal":${nested(levels)}}`;
  assert.equal(decodeClientMessage(text(MAX_SIGNAL_DEPTH)).type, "introduce");
  assert.throws(() => decodeClientMessage(text(MAX_SIGNAL_DEPTH + 1)), failsWith("message-malformed"));
  assert.throws(() => decodeClientMessage(text(10_000)), failsWith("message-malformed"));
});

test("more than fifty peers are neither asked for nor listed", () => {
  const ask = `{"type":"announce","content":"${C}","want":51,"complete":true}`;
  assert.throws(() => decodeClientMessage(ask), failsWith("message-malformed"));
  const peers = Array.from({ length: 51 }, () => ({ peer: P, complete: false }));
  const reply = JSON.stringify({ type: "peers", content: C, peers, members: 51, intervalMs: 1 });
  assert.throws(() => decodeServerMessage(reply), failsWith("message-malformed"));
});

test("an interval that no browser's timer can hold is refused", () => {
  const reply = JSON.stringify({ type: "peers", content: C, peers: [], members: 0, intervalMs: 2 ** 31 });
  assert.throws(() => decodeServerMessage(reply), failsWith("message-malformed"));
});

test("more servers, more addresses of one, and longer texts than a handout holds are refused", () => {
  const server = { urls: ["turn:t.example"], username: "u", credential: "c" };
  const read = (ice: unknown) => decodeServerMessage(JSON.stringify({ type: "ice", ice }));
  const many = <T>(length: number, item: T) => Array.from({ length }, () => item);
  const text = "x".repeat(MAX_ICE_TEXT_LENGTH);
  for (const servers of [
    many(MAX_ICE_SERVERS, server),
    [{ ...server, urls: many(MAX_ICE_SERVERS, text) }],
    [{ urls: [], username: text, credential: text }],
  ]) {
    assert.deepEqual(read({ servers }), { type: "ice", ice: { servers } });
  }
  for (const ice of [
    { servers: many(MAX_ICE_SERVERS + 1, server) },
    { servers: [{ ...server, urls: many(MAX_ICE_SERVERS + 1, "turn:t.example") }] },
    { servers: [{ ...server, urls: [`${text}x`] }] },
    { servers: [{ ...server, username: `${text}x` }] },
    { servers: [{ ...server, credential: `${text}x` }] },
    { servers: [{ ...server, credential: 7 }] },
    { servers: [{ ...server, urls: "turn:t.example" }] },
    { servers: ["turn:t.example"] },
    { servers: [server], expiresInMs: 0 },
    { servers: [server], expiresInMs: 2 ** 31 },
    {},
  ]) {
    assert.throws(() => read(ice), failsWith("message-malformed"), JSON.stringify(ice).slice(0, 80));
  }
});
