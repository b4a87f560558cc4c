import fc from "fast-check";
import {
  encodeClientMessage,
  encodeServerMessage,
  parseContentId,
  parseDialId,
} from "#sdk/protocol/signaling/index.ts";
import { identity } from "./identities.ts";

// A peer that may be there, so that some introductions arrive; its hello below is a lie.
const { peer } = identity(0);
const content = parseContentId("c0".repeat(32));
const dial = parseDialId("d1".repeat(8));
const signal = {
  type: "candidate",
  candidate: { candidate: "udp 1 192.0.2.1", sdpMLineIndex: 0, sdpMid: "0" },
};

/** One valid message of each kind: what mutations start from. */
export const VALID_TEXTS: readonly string[] = [
  encodeClientMessage({ type: "hello", version: 1, peer, secret: "5e".repeat(32) }),
  encodeClientMessage({ type: "announce", content, want: 30, complete: false }),
  encodeClientMessage({
    type: "announce",
    content,
    want: 0,
    complete: false,
    have: "00ff00000000000f",
    free: 3,
  }),
  encodeClientMessage({ type: "leave", content }),
  encodeClientMessage({ type: "introduce", to: peer, content, dial, signal }),
  encodeClientMessage({ type: "ping" }),
  encodeServerMessage({ type: "welcome", version: 1, heartbeatMs: 30_000 }),
  encodeServerMessage({
    type: "ice",
    ice: {
      servers: [{ urls: ["turn:turn.example"], username: "1:peer", credential: "c2VjcmV0" }],
      expiresInMs: 7_200_000,
    },
  }),
  encodeServerMessage({
    type: "peers",
    content,
    peers: [{ peer, complete: true }],
    members: 2,
    intervalMs: 1000,
  }),
  encodeServerMessage({ type: "introduce", from: peer, content, dial, signal }),
  encodeServerMessage({
    type: "error",
    code: "unknown-peer",
    message: "?",
    about: { content, to: peer, dial },
  }),
];

const FIELDS = [
  ...["type", "version", "peer", "secret", "content", "want", "complete", "to", "from", "dial", "signal"],
  ...["have", "free", "ice"],
  ...[
    "peers",
    "members",
    "intervalMs",
    "heartbeatMs",
    "code",
    "message",
    "about",
    "__proto__",
    "constructor",
  ],
];

/** Texts that an attacker, or a bug, would send: noise, any JSON, and valid messages with something wrong. */
export function hostileText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 3, arbitrary: spliced() },
    { weight: 3, arbitrary: withWrongField() },
    { weight: 1, arbitrary: nested() },
  );
}

/** A valid message with a stretch cut out and noise in its place. */
function spliced(): fc.Arbitrary<string> {
  const noise = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom("", '"', "{", "}", ",", "null", "\\u0000", "1e999"),
  );
  return fc
    .tuple(fc.constantFrom(...VALID_TEXTS), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), noise)
    .map(([text, where, length, put]) => {
      const at = Math.floor(where * text.length);
      return text.slice(0, at) + put + text.slice(at + length);
    });
}

/** A valid message with one field replaced by any JSON, `__proto__` written literally among them. */
function withWrongField(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...VALID_TEXTS), fc.constantFrom(...FIELDS), fc.json({ maxDepth: 2 }))
    .map(([text, field, json]) => `${text.slice(0, -1)},"${field}":${json}}`);
}

function nested(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...VALID_TEXTS),
      fc.constantFrom("[", '{"polluted":', '{"__proto__":'),
      fc.nat(2000),
    )
    .map(([text, open, levels]) => {
      const close = open === "[" ? "]" : "}";
      return `${text.slice(0, -1)},"signal":${open.repeat(levels)}0${close.repeat(levels)}}`;
    });
}
