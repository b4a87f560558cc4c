import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ClientMessage,
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeServerMessage,
  parseContentId,
  parseDialId,
  parsePeerId,
  RivuletError,
  type ServerMessage,
} from "#sdk/protocol/signaling/index.ts";

const P = "0123456789abcdef0123456789abcdef";
const C = "c0".repeat(32);
const D = "00000000000000d1";
const S = "5e".repeat(32);
const peer = parsePeerId(P);
const content = parseContentId(C);
const dial = parseDialId(D);
const signal = { type: "offer", sdp: "v=0\r\n" };

/** Each message and the exact text it is on the wire: a change here breaks peers that are already out there. */
const CLIENT_VECTORS: readonly (readonly [ClientMessage, string])[] = [
  [
    { type: "hello", version: 1, peer, secret: S },
    `{"type":"hello","version":1,"peer":"${P}","secret":"${S}"}`,
  ],
  [
    { type: "announce", content, want: 50, complete: false },
    `{"type":"announce","content":"${C}","want":50,"complete":false}`,
  ],
  [
    { type: "announce", content, want: 0, complete: true, have: "00ff00000000000f", free: 0 },
    `{"type":"announce","content":"${C}","want":0,"complete":true,"have":"00ff00000000000f","free":0}`,
  ],
  [{ type: "leave", content }, `{"type":"leave","content":"${C}"}`],
  [
    { type: "introduce", to: peer, content, dial, signal },
    `{"type":"introduce","to":"${P}","content":"${C}","dial":"${D}","signal":{"type":"offer","sdp":"v=0\\r\\n"}}`,
  ],
  [{ type: "ping" }, `{"type":"ping"}`],
];

const SERVER_VECTORS: readonly (readonly [ServerMessage, string])[] = [
  [
    { type: "welcome", version: 1, heartbeatMs: 30_000 },
    `{"type":"welcome","version":1,"heartbeatMs":30000}`,
  ],
  [
    { type: "welcome", version: 1, heartbeatMs: 1, ice: { servers: [] } },
    `{"type":"welcome","version":1,"heartbeatMs":1,"ice":{"servers":[]}}`,
  ],
  [
    {
      type: "ice",
      ice: {
        servers: [
          { urls: ["stun:stun.example:3478"] },
          { urls: ["turn:turn.example?transport=udp"], username: "1700007200:peer", credential: "c2VjcmV0" },
        ],
        expiresInMs: 7_200_000,
      },
    },
    `{"type":"ice","ice":{"servers":[{"urls":["stun:stun.example:3478"]},{"urls":["turn:turn.example?transport=udp"],"username":"1700007200:peer","credential":"c2VjcmV0"}],"expiresInMs":7200000}}`,
  ],
  [
    { type: "peers", content, peers: [{ peer, complete: true }], members: 2, intervalMs: 120_000 },
    `{"type":"peers","content":"${C}","peers":[{"peer":"${P}","complete":true}],"members":2,"intervalMs":120000}`,
  ],
  [
    { type: "introduce", from: peer, content, dial, signal },
    `{"type":"introduce","from":"${P}","content":"${C}","dial":"${D}","signal":{"type":"offer","sdp":"v=0\\r\\n"}}`,
  ],
  [{ type: "pong" }, `{"type":"pong"}`],
  [
    { type: "error", code: "unknown-peer", message: "No.", about: { content, to: peer, dial } },
    `{"type":"error","code":"unknown-peer","message":"No.","about":{"content":"${C}","to":"${P}","dial":"${D}"}}`,
  ],
  [{ type: "error", code: "draining", message: "" }, `{"type":"error","code":"draining","message":""}`],
];

/** Fields that a peer or a server may leave out. */
const OPTIONAL: ReadonlySet<string> = new Set(["have", "free", "ice", "about"]);

const failsWith = (code: string) => (error: unknown) => error instanceof RivuletError && error.code === code;
const changed = (text: string, change: object) => JSON.stringify({ ...JSON.parse(text), ...change });

for (const [message, text] of CLIENT_VECTORS) {
  test(`a peer's ${message.type} message is written and read as its vector`, () => {
    assert.equal(encodeClientMessage(message), text);
    assert.deepEqual(decodeClientMessage(text), message);
  });

  test(`unknown fields of a peer's ${message.type} message are ignored`, () => {
    assert.deepEqual(decodeClientMessage(changed(text, { later: [1], constructor: 2 })), message);
  });
}

for (const [message, text] of SERVER_VECTORS) {
  test(`a server's message ${text.slice(0, 40)}… is written and read as its vector`, () => {
    assert.equal(encodeServerMessage(message), text);
    assert.deepEqual(decodeServerMessage(text), message);
  });
}

test("every field of every peer's message is checked, and required unless it is optional", () => {
  for (const [message, text] of CLIENT_VECTORS) {
    for (const field of Object.keys(message)) {
      for (const wrong of [undefined, null, [], "x", -1, 1.5, { a: 1 }]) {
        const code = field === "type" && wrong === "x" ? "message-unknown-type" : "message-malformed";
        if (wrong === undefined && OPTIONAL.has(field)) continue;
        if (field === "signal" && typeof wrong === "object" && wrong && !Array.isArray(wrong)) continue;
        assert.throws(
          () => decodeClientMessage(changed(text, { [field]: wrong })),
          failsWith(code),
          `${field}=${wrong}`,
        );
      }
    }
  }
});

test("every field of every server's message is checked, and required unless it is optional", () => {
  for (const [message, text] of SERVER_VECTORS) {
    for (const field of Object.keys(message)) {
      for (const wrong of [undefined, null, [], -1, 1.5]) {
        if (wrong === undefined && OPTIONAL.has(field) && message.type !== "ice") continue;
        if (field === "peers" && Array.isArray(wrong)) continue;
        const malformed = failsWith("message-malformed");
        assert.throws(
          () => decodeServerMessage(changed(text, { [field]: wrong })),
          malformed,
          `${field}=${wrong}`,
        );
      }
    }
  }
});

test("what an announce may say of its peer is sixteen hex digits and a number up to 255", () => {
  const announce = { type: "announce", content: C, want: 0, complete: false };
  const read = (change: object) => decodeClientMessage(JSON.stringify({ ...announce, ...change }));
  for (const free of [0, 255]) assert.deepEqual(read({ free }), { ...announce, free });
  for (const have of ["0".repeat(16), "f".repeat(16)])
    assert.deepEqual(read({ have }), { ...announce, have });
  for (const wrong of [
    { free: 256 },
    { free: null },
    { have: "0".repeat(15) },
    { have: "F".repeat(16) },
    { have: `${"0".repeat(16)}\n` },
  ]) {
    assert.throws(() => read(wrong), failsWith("message-malformed"), JSON.stringify(wrong));
  }
});

test("what is not a JSON object is malformed", () => {
  for (const text of ["", "{", "null", "[]", "1", '"hello"', "[{}]", "undefined", '{"type":"ping"}x']) {
    assert.throws(() => decodeClientMessage(text), failsWith("message-malformed"), text);
    assert.throws(() => decodeServerMessage(text), failsWith("message-malformed"), text);
  }
});

test("names that every object inherits are no message types", () => {
  for (const type of ["constructor", "__proto__", "toString", "hasOwnProperty", "welcome"]) {
    assert.throws(() => decodeClientMessage(JSON.stringify({ type })), failsWith("message-unknown-type"));
  }
});

test("a message that would pollute prototypes changes no prototype and is read by its own fields only", () => {
  assert.throws(() => decodeClientMessage('{"__proto__":{"type":"ping"}}'), failsWith("message-malformed"));
  decodeClientMessage('{"type":"ping","__proto__":{"polluted":1}}');
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
});

test("a signal that names a prototype at any depth is refused", () => {
  const introduce = (inner: string) =>
    `{"type":"introduce","to":"${P}","content":"${C}","dial":"${D}","signal":${inner}}`;
  for (const inner of ['{"__proto__":{}}', '{"a":[{"constructor":1}]}', '{"a":{"b":{"prototype":null}}}']) {
    assert.throws(() => decodeClientMessage(introduce(inner)), failsWith("message-malformed"), inner);
  }
});

test("an error code of a later server is handed on", () => {
  const error = decodeServerMessage('{"type":"error","code":"quota-of-2031","message":"?"}');
  assert.deepEqual(error, { type: "error", code: "quota-of-2031", message: "?" });
});

test("an error about a malformed secret does not repeat it", () => {
  const text = `{"type":"hello","version":1,"peer":"${P}","secret":"${S.slice(1)}G"}`;
  assert.throws(
    () => decodeClientMessage(text),
    (error: unknown) => error instanceof RivuletError && !error.message.includes(S.slice(1, 9)),
  );
});
