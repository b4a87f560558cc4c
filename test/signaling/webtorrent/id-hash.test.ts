import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idHash, idHashIn, NO_ID } from "#signaling/webtorrent/id-hash.ts";
import { isBinaryId } from "#signaling/webtorrent/tracker-message.ts";
import { escaped } from "../support/tracker-texts.ts";

const code = fc.oneof(
  fc.nat(0xff),
  fc.nat(0x1f),
  fc.constantFrom(0x22, 0x5c, 0x2f, 0x7f, 0x80, 0xbf, 0xc0, 0xff),
);
const id = fc.array(code, { minLength: 20, maxLength: 20 }).map((codes) => String.fromCharCode(...codes));

const hashIn = (json: string) => {
  const bytes = Buffer.from(`x${json}x`);
  return idHashIn(bytes, 1, bytes.length - 1);
};

test("an id has one hash, however it is written in a message", () => {
  fc.assert(
    fc.property(id, (text) => {
      for (const json of [
        JSON.stringify(text),
        escaped(text),
        escaped(text).replace(/[a-f]/g, (d) => d.toUpperCase()),
      ])
        assert.equal(hashIn(json), idHash(text), json);
    }),
  );
});

test("whatever else is written there is no id, exactly as when it is parsed", () => {
  const near = fc
    .tuple(id, fc.nat(20), fc.constantFrom("", "x", "xy", "Ā", "\ud800", "😀", "é", "\n"))
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1));
  const written = fc.oneof(
    near.map((text) => JSON.stringify(text)),
    near.map(escaped),
    fc.json(),
    id.map(escaped),
  );
  fc.assert(
    fc.property(written, (json) => {
      const value: unknown = JSON.parse(json);
      assert.equal(hashIn(json), isBinaryId(value) ? idHash(value) : NO_ID, json);
    }),
    { numRuns: 1000 },
  );
});

test("ids that differ in one bit have different hashes", () => {
  fc.assert(
    fc.property(id, fc.nat(19), fc.nat(7), (text, at, bit) => {
      const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      assert.notEqual(idHash(text), idHash(text.slice(0, at) + other + text.slice(at + 1)));
    }),
  );
});
