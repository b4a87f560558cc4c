import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { RivuletError } from "#sdk/protocol/signaling/index.ts";
import { tokenVerifier } from "#signaling/access/tokens.ts";

interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function signer(kid: string, alg = "ES256"): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

const sign = ({ kid, alg, privateKey }: Signer, claims: object = {}) =>
  new SignJWT({ aud: "rivulet", exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(privateKey);

/** A key server that counts how often it is asked. */
async function keyServer(t: TestContext) {
  const state = { status: 200, keys: [] as JWK[], body: undefined as string | undefined, asked: 0 };
  const server = createServer((_, response) => {
    state.asked += 1;
    response
      .writeHead(state.status, { location: "/elsewhere" })
      .end(state.body ?? JSON.stringify({ keys: state.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { state, url: `http://127.0.0.1:${port}/jwks.json` };
}

async function verifying(place: string, coolDownMs: number) {
  const troubles: unknown[] = [];
  const verifier = await tokenVerifier(
    { tokenSecret: undefined, tokenJwks: place, tokenAudience: "rivulet" },
    { epochNow: Date.now, onKeysUnreachable: (cause) => troubles.push(cause), coolDownMs },
  );
  const codeOf = async (token: string) => {
    const result = await verifier.verify(token);
    return "refusal" in result ? result.refusal.code : "granted";
  };
  return { codeOf, troubles };
}

const NEVER_MS = 60 * 60 * 1000;

test("tokens signed with each of the allowed algorithms are taken, and no others", async (t) => {
  const { state, url } = await keyServer(t);
  const good = await Promise.all(["RS256", "PS256", "ES256", "EdDSA"].map((alg) => signer(alg, alg)));
  const bad = await Promise.all(["RS512", "ES384"].map((alg) => signer(alg, alg)));
  state.keys = [...good, ...bad].map(({ jwk }) => jwk);
  const { codeOf } = await verifying(url, NEVER_MS);
  for (const each of good) assert.equal(await codeOf(await sign(each)), "granted", each.alg);
  for (const each of bad) assert.equal(await codeOf(await sign(each)), "token-invalid", each.alg);
  assert.equal(state.asked, 1, "the keys are fetched once");
});

test("the public key is no secret to sign with, and an unsigned token is none", async (t) => {
  const { state, url } = await keyServer(t);
  const issuer = await signer("k", "RS256");
  state.keys = [issuer.jwk];
  const { codeOf } = await verifying(url, NEVER_MS);
  const pem = new TextEncoder().encode(await exportSPKI(issuer.publicKey));
  const forged = await new SignJWT({ aud: "rivulet", exp: 2 ** 40 })
    .setProtectedHeader({ alg: "HS256", kid: "k" })
    .sign(pem);
  assert.equal(await codeOf(forged), "token-invalid");
  const header = Buffer.from('{"alg":"none","kid":"k"}').toString("base64url");
  assert.equal(await codeOf(`${header}.${forged.split(".")[1]}.`), "token-invalid");
});

test("a new key is fetched when a token names it; a withdrawn one is no longer taken afterwards", async (t) => {
  const { state, url } = await keyServer(t);
  const [old, next] = await Promise.all([signer("old"), signer("next")]);
  state.keys = [old.jwk];
  const { codeOf } = await verifying(url, 0);
  assert.equal(await codeOf(await sign(old)), "granted");
  state.keys = [next.jwk];
  assert.equal(await codeOf(await sign(next)), "granted");
  assert.equal(await codeOf(await sign(old)), "token-invalid");
});

test("made-up key names do not have the keys fetched again and again, and a real new one is told to try again", async (t) => {
  const { state, url } = await keyServer(t);
  const [old, next] = await Promise.all([signer("old"), signer("next")]);
  state.keys = [old.jwk];
  const { codeOf } = await verifying(url, NEVER_MS);
  assert.equal(await codeOf(await sign(old)), "granted");
  state.keys = [next.jwk];
  for (let n = 0; n < 20; n++)
    assert.equal(await codeOf(await sign({ ...next, kid: `made up ${n}` })), "token-unverifiable");
  assert.equal(await codeOf(await sign(next)), "token-unverifiable");
  assert.equal(state.asked, 1);
});

test("keys that cannot be had are told as a trouble that passes, and are asked for once a cool-down", async (t) => {
  const { state, url } = await keyServer(t);
  const issuer = await signer("k");
  const token = await sign(issuer);
  const wrongs = [
    { status: 500, body: "" },
    { status: 302, body: "" },
    { status: 200, body: "no JSON" },
    { status: 200, body: '{"keys":7}' },
    { status: 200, body: `{"keys":[],"pad":"${"x".repeat(300_000)}"}` },
  ];
  for (const wrong of wrongs) {
    Object.assign(state, wrong, { asked: 0 });
    const { codeOf, troubles } = await verifying(url, NEVER_MS);
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(token)));
    codes.push(await codeOf(token));
    assert.deepEqual([...new Set(codes)], ["token-unverifiable"], wrong.body.slice(0, 20));
    assert.deepEqual([state.asked, troubles.length], [1, 1]);
  }
});

test("a key server that comes back is believed again", async (t) => {
  const { state, url } = await keyServer(t);
  const issuer = await signer("k");
  state.status = 503;
  const { codeOf } = await verifying(url, 0);
  assert.equal(await codeOf(await sign(issuer)), "token-unverifiable");
  Object.assign(state, { status: 200, keys: [issuer.jwk] });
  assert.equal(await codeOf(await sign(issuer)), "granted");
});

test("keys in a file are read at start, and again when a token names a new one", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-keys-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "jwks.json");
  const badOption = (error: unknown) => error instanceof RivuletError && error.code === "bad-option";
  await assert.rejects(verifying(path, 0), badOption);
  await writeFile(path, "{}");
  await assert.rejects(verifying(path, 0), badOption);
  const [old, next] = await Promise.all([signer("old"), signer("next")]);
  await writeFile(path, JSON.stringify({ keys: [old.jwk] }));
  const { codeOf } = await verifying(path, 0);
  assert.equal(await codeOf(await sign(old)), "granted");
  await writeFile(path, JSON.stringify({ keys: [next.jwk] }));
  assert.equal(await codeOf(await sign(next)), "granted");
});
