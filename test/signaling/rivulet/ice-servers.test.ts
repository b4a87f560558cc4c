import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, RivuletError } from "#sdk/protocol/signaling/index.ts";
import { checkIceOptions, iceServersFor } from "#signaling/rivulet/ice-servers.ts";

const PEER = "0123456789abcdef0123456789abcdef";
const hour = 3600 * 1000;
const OPTIONS = {
  stunUrls: ["stun:stun.example:3478"],
  turnUrls: ["turn:turn.example:3478?transport=udp", "turns:turn.example:5349?transport=tcp"],
  turnSecret: "north",
  turnTtlMs: 2 * hour,
};
const hmacSha1 = (key: string, text: string) => createHmac("sha1", key).update(text).digest("base64");
const issue = (
  change: Partial<typeof OPTIONS> & { turnSecret?: string | undefined } = {},
  epochNow = 1_700_000_000_999,
) => iceServersFor({ ...OPTIONS, ...change }, { peer: PEER, epochNow, hmacSha1 });

test("a TURN credential is the HMAC of when it expires and for whom it is, as coturn computes it", () => {
  const username = `1700007200:${PEER}`;
  assert.deepEqual(issue(), {
    servers: [
      { urls: OPTIONS.stunUrls },
      { urls: OPTIONS.turnUrls, username, credential: "xsiywsraLV2igRCSGnwSq8qFklU=" },
    ],
    expiresInMs: 2 * hour,
  });
});

test("STUN servers alone need no credential and never expire; without servers nothing is handed out", () => {
  assert.deepEqual(issue({ turnUrls: [] }), {
    servers: [{ urls: OPTIONS.stunUrls }],
  });
  assert.equal(issue({ stunUrls: [], turnUrls: [] }), undefined);
});

test("a credential that lives longer than a message may say is handed out with what it may say", () => {
  const handout = issue({ turnTtlMs: 30 * 24 * hour });
  assert.ok(handout);
  const text = encodeServerMessage({ type: "ice", ice: handout });
  assert.deepEqual(decodeServerMessage(text), { type: "ice", ice: handout });
  assert.equal(handout.expiresInMs, 24 * hour);
});

test("more URLs than clients take, and a TURN server without a secret, are refused", () => {
  const urls = Array.from({ length: 9 }, (_, n) => `stun:stun${n}.example`);
  const refused = (error: unknown) => error instanceof RivuletError && error.code === "bad-option";
  assert.throws(() => checkIceOptions({ ...OPTIONS, stunUrls: urls }), refused);
  assert.throws(() => checkIceOptions({ ...OPTIONS, turnUrls: urls }), refused);
  assert.throws(() => checkIceOptions({ ...OPTIONS, turnSecret: undefined }), refused);
  checkIceOptions(OPTIONS);
});
