import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CompactSign, SignJWT } from "jose";
import { RivuletError } from "#sdk/protocol/signaling/index.ts";
import { allows, EVERYTHING } from "#signaling/access/grant.ts";
import { MAX_TOKEN_LENGTH, tokenVerifier } from "#signaling/access/tokens.ts";

const SECRET = "a secret of at least thirty-two bytes";
const NOW_S = 1_700_000_000;
const CONTENT = "c0".repeat(32);
const INFO_HASH = "1f".repeat(20);

const surroundings = (nowS = NOW_S) => ({
  epochNow: () => nowS * 1000,
  onKeysUnreachable: (cause: unknown) => assert.fail(String(cause)),
});
const verifier = (options: object = {}, nowS = NOW_S) =>
  tokenVerifier(
    { tokenSecret: SECRET, tokenJwks: undefined, tokenAudience: "rivulet", ...options },
    surroundings(nowS),
  );
const sign = (claims: object, { secret = SECRET, alg = "HS256" } = {}) =>
  new SignJWT({ aud: "rivulet", exp: NOW_S + 60, ...claims })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret));
const codeOf = async (token: string | undefined, nowS?: number) => {
  const result = await (await verifier({}, nowS)).verify(token);
  return "refusal" in result ? result.refusal.code : "granted";
};

test("without a secret and a key set everybody has everything, with a token and without", async () => {
  const open = await verifier({ tokenSecret: undefined });
  for (const token of [undefined, "", "nonsense"])
    assert.deepEqual(await open.verify(token), { grant: EVERYTHING });
});

test("a token grants what its claims say", async () => {
  const claims = {
    sub: "customer 7",
    jti: "1",
    contents: [CONTENT.toUpperCase(), INFO_HASH],
    role: "super-peer",
  };
  const result = await (await verifier()).verify(await sign(claims));
  assert.ok("grant" in result);
  const { grant } = result;
  assert.deepEqual(
    { ...grant, contents: [...(grant.contents ?? [])] },
    {
      holder: "sub customer 7",
      contents: [CONTENT, INFO_HASH],
      role: "super-peer",
      expiresAtMs: (NOW_S + 60 + 5) * 1000,
    },
  );
  assert.deepEqual([allows(grant, INFO_HASH), allows(grant, "2f".repeat(20))], [true, false]);
});

test("a token that names no contents and no role is a viewer's, for all of them", async () => {
  const result = await (await verifier()).verify(await sign({ jti: "ticket" }));
  assert.ok("grant" in result);
  assert.deepEqual(
    [result.grant.holder, result.grant.role, allows(result.grant, CONTENT)],
    ["jti ticket", "viewer", true],
  );
});

test("a token without a name is held by whoever has that very token", async () => {
  const holder = async (claims: object) => {
    const result = await (await verifier()).verify(await sign(claims));
    return "grant" in result ? result.grant.holder : undefined;
  };
  assert.equal(await holder({}), await holder({}));
  assert.notEqual(await holder({}), await holder({ nonce: 1 }));
  assert.match((await holder({})) ?? "", /^hash /);
});

test("an empty contents list allows no content", async () => {
  const result = await (await verifier()).verify(await sign({ contents: [] }));
  assert.ok("grant" in result && !allows(result.grant, CONTENT));
});

test("no token, an expired one and a bad one are told apart", async () => {
  assert.equal(await codeOf(undefined), "token-missing");
  assert.equal(await codeOf(""), "token-missing");
  const token = await sign({});
  assert.equal(await codeOf(token), "granted");
  assert.equal(await codeOf(token, NOW_S + 64), "granted", "within the clocks' tolerance");
  assert.equal(await codeOf(token, NOW_S + 66), "token-expired");
  for (const [name, bad] of [
    ["another secret", await sign({}, { secret: `${SECRET}!` })],
    ["another algorithm", await sign({}, { alg: "HS512" })],
    ["another audience", await sign({ aud: "elsewhere" })],
    ["no audience", await sign({ aud: undefined })],
    ["no expiry", await sign({ exp: undefined })],
    ["an expiry that is no number", await sign({ exp: "tomorrow" })],
    ["not valid yet", await sign({ nbf: NOW_S + 60 })],
    ["none", `${Buffer.from('{"alg":"none"}').toString("base64url")}.e30.`],
    [
      "no JWT",
      await new CompactSign(new Uint8Array([1]))
        .setProtectedHeader({ alg: "HS256" })
        .sign(new TextEncoder().encode(SECRET)),
    ],
    ["a byte changed", `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.slice(-1)}`],
    ["junk", "a.b.c"],
  ] as const) {
    assert.equal(await codeOf(bad), "token-invalid", name);
  }
});

test("an expired token with a bad signature is bad, so that nobody learns what would be taken", async () => {
  assert.equal(await codeOf(await sign({ exp: 1 }, { secret: `${SECRET}!` })), "token-invalid");
});

test("claims of another shape are refused by name, and their values are not repeated", async () => {
  for (const [claim, value] of [
    ["contents", "c0ffee"],
    ["contents", ["secret-word"]],
    ["contents", [`${CONTENT}0`]],
    ["contents", [CONTENT, 7]],
    ["contents", { 0: CONTENT }],
    ["role", "secret-word"],
    ["role", null],
    ["sub", ""],
    ["sub", "secret-word".repeat(12)],
    ["jti", "secret-word".repeat(12)],
  ] as const) {
    const result = await (await verifier()).verify(await sign({ [claim]: value }));
    assert.ok("refusal" in result, claim);
    assert.equal(result.refusal.code, "token-invalid");
    assert.match(result.refusal.message, new RegExp(`"${claim}"`));
    assert.doesNotMatch(result.refusal.message, /secret-word/);
  }
});

test("a token over the limit is refused before it is looked into", async () => {
  const room = MAX_TOKEN_LENGTH - (await sign({ pad: "" })).length;
  const [fits, over] = await Promise.all(
    [Math.floor(room / 1.34), room].map((size) => sign({ pad: "x".repeat(size) })),
  );
  assert.ok(fits && over && fits.length <= MAX_TOKEN_LENGTH && over.length > MAX_TOKEN_LENGTH);
  assert.equal(await codeOf(fits), "granted");
  assert.equal(await codeOf(over), "token-invalid");
});

test("a short secret, and a secret beside a key set, are refused at start", async () => {
  const refused = (error: unknown) =>
    error instanceof RivuletError && error.code === "bad-option" && !error.message.includes("short");
  await assert.rejects(verifier({ tokenSecret: "short" }), refused);
  await assert.rejects(verifier({ tokenJwks: "https://issuer.example/keys" }), refused);
});

test("any text at all is granted or refused in words that hold nothing of it", async () => {
  const verify = await verifier();
  const valid = await sign({});
  const [head = "", body = "", signature = ""] = valid.split(".");
  const part = fc.oneof(
    fc.constantFrom(head, body, signature, "", "e30"),
    fc.json().map((json) => Buffer.from(json).toString("base64url")),
    fc.string({ maxLength: 40 }),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(text, async (token) => {
      const result = await verify.verify(token);
      if ("grant" in result) return assert.equal(token, valid);
      assert.equal(result.refusal.code, token === "" ? "token-missing" : "token-invalid", token);
      assert.ok(token.length < 10 || !result.refusal.message.includes(token));
    }),
    { numRuns: 500 },
  );
});

test("a token without a subject is one holder, however its signature is written", async () => {
  const token = await sign({});
  const holderOf = async (text: string) => {
    const result = await (await verifier()).verify(text);
    assert.ok("grant" in result, text);
    return result.grant.holder;
  };
  const holder = await holderOf(token);
  assert.match(holder ?? "", /^hash /);
  assert.equal(await holderOf(`${token} `), holder);
  assert.notEqual(await holderOf(await sign({ nonce: 1 })), holder);
});
