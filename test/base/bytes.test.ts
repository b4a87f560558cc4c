import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#sdk/base/bytes.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

test("hex is what Node's Buffer writes, and reads back", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      assert.equal(toHex(value), Buffer.from(value).toString("hex"));
      assert.deepEqual(fromHex(toHex(value)), value);
    }),
  );
});

test("base64url is what Node's Buffer writes, and reads back", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      assert.equal(toBase64Url(value), Buffer.from(value).toString("base64url"));
      assert.deepEqual(fromBase64Url(toBase64Url(value)), value);
    }),
  );
});

test("base64url with padding, another alphabet, an impossible length or stray bits is refused", () => {
  for (const text of ["AA==", "+A", "/A", "A", "AAAAA", "AB", "AAB", "A\u0141"]) {
    assert.equal(fromBase64Url(text), undefined, text);
  }
});

test("a base64url text is accepted only if it is the one way to write its bytes", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
  fc.assert(
    fc.property(text, (value) => {
      const read = fromBase64Url(value);
      return read === undefined || toBase64Url(read) === value;
    }),
    { numRuns: 2000 },
  );
});

test("parts are put together in order", () => {
  assert.deepEqual(concatBytes([]), new Uint8Array(0));
  assert.deepEqual(
    concatBytes([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]),
    Uint8Array.of(1, 2, 3),
  );
});

test("bytes are equal when their lengths and every byte are", () => {
  assert.ok(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)));
  assert.ok(equalBytes(new Uint8Array(0), new Uint8Array(0)));
});
