import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveShareKeys } from "#sdk/adapters/share/share-keys.ts";
import { toHex } from "#sdk/base/bytes.ts";
import { readShareLink, readShareToken, writeShareToken } from "#sdk/content/share/share-link.ts";

const secret = Uint8Array.from({ length: 16 }, (_, at) => at);
const keyPrint = Uint8Array.from({ length: 16 }, (_, at) => 0xf0 + at);
const TOKEN = "EAABAgMEBQYHCAkKCwwNDg_w8fLz9PX29_j5-vv8_f7_";

test("a token is 44 characters that say the same when they are read", () => {
  const token = { secret, keyPrint, needsPassword: false };
  assert.equal(writeShareToken(token), TOKEN);
  assert.deepEqual(readShareToken(TOKEN), token);
  const withPassword = { ...token, needsPassword: true };
  assert.deepEqual(readShareToken(writeShareToken(withPassword)), withPassword);
});

test("a link is taken whole, or without its page, with what a mail program leaves around it", () => {
  assert.deepEqual(readShareLink(` https://share.example/get/#${TOKEN}\n`), {
    token: TOKEN,
    needsPassword: false,
    page: "https://share.example/get/",
  });
  assert.equal(readShareLink(TOKEN).page, undefined);
  assert.equal(readShareLink(`#${TOKEN}`).token, TOKEN);
});

test("a link that lost a character, has another, or is of a later version is refused, saying what to do", () => {
  for (const text of ["", "https://share.example/", TOKEN.slice(1), `${TOKEN}A`, `${TOKEN.slice(0, 43)}!`])
    assert.throws(() => readShareLink(text), { code: "bad-link", message: /copy all of it/ });
  // Version 2; a flag that nobody knows.
  for (const head of ["I", "Eg"])
    assert.throws(() => readShareLink(head + TOKEN.slice(head.length)), {
      code: "bad-link",
      message: /later version/,
    });
});

test("where people meet follows from the link alone; what they prove, from the password too", async () => {
  const token = { secret, keyPrint, needsPassword: true };
  const message = new TextEncoder().encode("message");
  const [one, same, other] = await Promise.all([
    deriveShareKeys(token, "a"),
    deriveShareKeys(token, "a"),
    deriveShareKeys(token, "b"),
  ]);
  assert.equal(one.content, other.content);
  assert.deepEqual(await one.prove(message), await same.prove(message));
  assert.notDeepEqual(await one.prove(message), await other.prove(message));
});

test("the keys are those of docs/security.md: HKDF, PBKDF2 and HMAC as other implementations have them", async () => {
  const { createHmac, hkdfSync, pbkdf2Sync } = await import("node:crypto");
  const link = Buffer.concat([secret, keyPrint]);
  const hkdf = (from: Uint8Array, purpose: string) =>
    Buffer.from(hkdfSync("sha256", from, "rivulet share 1", purpose, 32));
  const message = Buffer.from("message");
  const plain = await deriveShareKeys({ secret, keyPrint, needsPassword: false });
  assert.equal(plain.content, hkdf(link, "lookup").toString("hex"));
  const proof = createHmac("sha256", hkdf(link, "proof")).update(message).digest("hex");
  assert.equal(toHex(await plain.prove(message)), proof);
  const stretched = pbkdf2Sync("pass", hkdf(link, "password salt"), 600_000, 32, "sha256");
  const both = hkdf(Buffer.concat([link, stretched]), "proof");
  const guarded = await deriveShareKeys({ secret, keyPrint, needsPassword: true }, "pass");
  assert.equal(toHex(await guarded.prove(message)), createHmac("sha256", both).update(message).digest("hex"));
});
