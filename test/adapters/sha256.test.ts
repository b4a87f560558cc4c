import assert from "node:assert/strict";
import { test } from "node:test";
import { webCryptoSha256 } from "#sdk/adapters/sha256.ts";
import { toHex } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";

const text = (value: string) => new TextEncoder().encode(value);
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

test("SHA-256 gives the digests of FIPS 180-4's examples", async () => {
  const sha256 = webCryptoSha256();
  assert.equal(toHex(await sha256(text(""))), EMPTY);
  assert.equal(toHex(await sha256(text("abc"))), ABC);
});

test("SHA-256 of a view takes no byte outside it", async () => {
  assert.equal(toHex(await webCryptoSha256()(text("xxabcxx").subarray(2, 5))), ABC);
});

test("SHA-256 takes bytes in shared memory", async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  shared.set(text("abc"));
  assert.equal(toHex(await webCryptoSha256()(shared)), ABC);
});

test("a page without Web Crypto is told at once to come over https", () => {
  assert.throws(
    () => webCryptoSha256({}),
    (error) =>
      error instanceof RivuletError && error.code === "insecure-context" && /https/.test(error.message),
  );
});
