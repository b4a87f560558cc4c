import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type ClusterMessage,
  decodeClusterMessage,
  encodeClusterMessage,
  MAX_CHANGES,
  MAX_CLUSTER_MESSAGE_LENGTH,
  opening,
  type Scope,
} from "#signaling/cluster/cluster-messages.ts";

const home = "0123456789abcdef";
const room = `w:${"a".repeat(40)}`;
const puts = [{ peer: "ann", entry: { complete: true }, isNews: true }];

const MESSAGES: readonly (readonly [Scope, ClusterMessage])[] = [
  ["all", { type: "beat", epoch: 3 }],
  ["all", { type: "goodbye" }],
  ["room", { type: "who" }],
  ["room", { type: "news", base: 0, version: 4, puts, gone: ["bob"] }],
  [
    "room",
    { type: "snapshot", version: 4, part: 1, parts: 2, puts: [{ peer: "a", entry: 1, isNews: false }] },
  ],
  ["process", { type: "check", rooms: [[room, 0]] }],
  ["process", { type: "versions", at: 9, rooms: [[`r:${"b".repeat(64)}`, 7]] }],
  ["process", { type: "ask", rooms: [room] }],
  ["process", { type: "again", members: [[room, "ann"]] }],
  ["process", { type: "carry", payload: { to: "ann", signal: { sdp: "é" } } }],
];

for (const [scope, message] of MESSAGES) {
  test(`${message.type} is read as it was written, on its own kind of channel only`, () => {
    const text = encodeClusterMessage(home, message);
    assert.ok(text.startsWith(opening(home)));
    assert.deepEqual(decodeClusterMessage(text, scope), { home, message });
    for (const other of ["all", "room", "process"] as const) {
      if (other !== scope) assert.equal(decodeClusterMessage(text, other), undefined);
    }
  });
}

const WRONG: Readonly<Record<string, readonly [Scope, string]>> = {
  "no JSON": ["all", `${opening(home)}`],
  "no object": ["all", "[1]"],
  null: ["all", "null"],
  "another version": ["all", `{"v":2,"home":"${home}","type":"goodbye"}`],
  "no process": ["all", `{"v":1,"home":"ANN","type":"goodbye"}`],
  "an epoch that is no whole number": ["all", `${opening(home)}"type":"beat","epoch":1.5}`],
  "an unknown type": ["all", `${opening(home)}"type":"shout","epoch":1}`],
  "news that lead backwards": [
    "room",
    `${opening(home)}"type":"news","base":4,"version":4,"puts":[],"gone":[]}`,
  ],
  "a part beyond the last": [
    "room",
    `${opening(home)}"type":"snapshot","version":1,"part":2,"parts":2,"puts":[]}`,
  ],
  "a snapshot without end": [
    "room",
    `${opening(home)}"type":"snapshot","version":1,"part":0,"parts":1001,"puts":[]}`,
  ],
  "a member without a name": [
    "room",
    `${opening(home)}"type":"news","base":0,"version":1,"puts":[["",{},1]],"gone":[]}`,
  ],
  "a member that is no list": [
    "room",
    `${opening(home)}"type":"news","base":0,"version":1,"puts":[{}],"gone":[]}`,
  ],
  "a room of another kind": ["process", `${opening(home)}"type":"ask","rooms":["r:abc"]}`],
  "a version below nothing": ["process", `${opening(home)}"type":"check","rooms":[["${room}",-1]]}`],
};

for (const [what, [scope, text]] of Object.entries(WRONG)) {
  test(`${what} is not a message`, () => assert.equal(decodeClusterMessage(text, scope), undefined));
}

test("a list that is too long, and a message that is too long, are not read", () => {
  const many = Array.from({ length: MAX_CHANGES + 1 }, (_, i) => ({ peer: `${i}`, entry: 0, isNews: true }));
  const news = encodeClusterMessage(home, { type: "news", base: 0, version: 1, puts: many, gone: [] });
  assert.equal(decodeClusterMessage(news, "room"), undefined);
  const payload = "x".repeat(MAX_CLUSTER_MESSAGE_LENGTH);
  assert.equal(
    decodeClusterMessage(encodeClusterMessage(home, { type: "carry", payload }), "process"),
    undefined,
  );
});

test("whatever JSON comes in any field, it is read or it is not, and nothing is thrown", () => {
  const fields = [
    "epoch",
    "base",
    "version",
    "puts",
    "gone",
    "part",
    "parts",
    "rooms",
    "members",
    "at",
    "home",
    "type",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...MESSAGES),
      fc.constantFrom(...fields, "__proto__"),
      fc.json({ maxDepth: 3 }),
      ([scope, message], field, json) => {
        const text = encodeClusterMessage(home, message);
        decodeClusterMessage(`${text.slice(0, -1)},"${field}":${json}}`, scope);
      },
    ),
    { numRuns: 2000, seed: 5 },
  );
});
