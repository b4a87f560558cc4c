import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "#sdk/base/bytes.ts";
import {
  isShareMessage,
  readShareMessage,
  type ShareMessage,
  writeShareMessage,
} from "#sdk/protocol/share/share-message.ts";

const fill = (length: number, value: number) => new Uint8Array(length).fill(value);

/** Each message as it is on the wire; docs/security.md shows the same. */
const VECTORS: readonly (readonly [string, ShareMessage])[] = [
  [`8001${"11".repeat(32)}`, { type: "greeting", version: 1, nonce: fill(32, 0x11) }],
  [`81${"22".repeat(32)}${"33".repeat(32)}`, { type: "proof", knows: fill(32, 0x22), bound: fill(32, 0x33) }],
  ["8203", { type: "refusal", reason: "intercepted" }],
  ["830000000500000007", { type: "ask", listingFrom: 5, hashesFrom: 7 }],
  ["83ffffffff00000400", { type: "ask", listingFrom: undefined, hashesFrom: 1024 }],
  ["840000000500000003aabb", { type: "listing", length: 5, offset: 3, bytes: fromHex("aabb") }],
  ["840000000000000000", { type: "listing", length: 0, offset: 0, bytes: new Uint8Array(0) }],
  [
    `8500000009${"44".repeat(64)}${"55".repeat(64)}`,
    { type: "hashes", signed: { first: 9, signature: fill(64, 0x44), hashes: fill(64, 0x55) } },
  ],
];

test("messages of a share are written and read as their layout says", () => {
  for (const [hex, message] of VECTORS) {
    assert.equal(toHex(writeShareMessage(message)), hex);
    assert.deepEqual(readShareMessage(fromHex(hex)), message);
    assert.ok(isShareMessage(fromHex(hex)));
  }
});

test("a later version's greeting is read as far as its number", () => {
  const read = readShareMessage(fromHex("8002abcdef"));
  assert.deepEqual([read.type, read.type === "greeting" && read.version], ["greeting", 2]);
});

test("a message of another length, over a limit, or of no known kind is refused before anything is made of it", () => {
  const bad = [
    "80",
    `8001${"11".repeat(31)}`,
    `81${"22".repeat(63)}`,
    "82",
    "8300000005",
    "8400000005",
    "840000000500000004aabb",
    `8402000001${"00".repeat(4)}aa`,
    `8500000009${"44".repeat(64)}`,
    `8500000009${"44".repeat(64)}${"55".repeat(33)}`,
    `8500000009${"44".repeat(64)}${"55".repeat(32 * 1025)}`,
    "86",
    "ff00",
  ];
  for (const hex of bad)
    assert.throws(() => readShareMessage(fromHex(hex)), { name: "RivuletError" }, hex.slice(0, 20));
});

test("no frame of the engine is taken for a message of a share", () => {
  for (let code = 0; code < 0x80; code++) assert.equal(isShareMessage(Uint8Array.of(code)), false);
  assert.equal(isShareMessage(new Uint8Array(0)), false);
});
