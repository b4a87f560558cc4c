import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { parseContentId, parsePeerId } from "#sdk/base/ids.ts";
import { type End, judgeProof, makeProof, type Transcript } from "#sdk/client/share/handshake.ts";

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);
const knows = (key: string) => async (message: Uint8Array) =>
  new Uint8Array(createHmac("sha256", key).update(message).digest());
const prove = knows("link");

const TRANSCRIPT: Transcript = {
  content: parseContentId("ab".repeat(32)),
  peers: { dialler: parsePeerId("1".repeat(32)), answerer: parsePeerId("2".repeat(32)) },
  nonces: { dialler: bytes(1), answerer: bytes(2) },
  prints: { dialler: bytes(3), answerer: bytes(4) },
};

/** What an end that has `TRANSCRIPT` says to a proof that was made of something else. */
async function verdict(
  made: Partial<Transcript>,
  { by = "dialler", key = "link" }: { readonly by?: End; readonly key?: string } = {},
): Promise<string> {
  const proof = await makeProof(by, { ...TRANSCRIPT, ...made }, knows(key));
  return judgeProof(proof, { by: "dialler", transcript: TRANSCRIPT, prove });
}

const swapped = <T>({ dialler, answerer }: Readonly<Record<End, T>>) => ({
  dialler: answerer,
  answerer: dialler,
});

test("a proof is good for one connection of one share, between these two, in this direction, with this link", async () => {
  assert.equal(await verdict({}), "good");
  assert.equal(await verdict({}, { key: "guess" }), "unknown");
  assert.equal(await verdict({}, { by: "answerer" }), "unknown", "sent back to who made it");
  assert.equal(
    await verdict({ nonces: { ...TRANSCRIPT.nonces, answerer: bytes(9) } }),
    "unknown",
    "of before",
  );
  assert.equal(
    await verdict({ nonces: { ...TRANSCRIPT.nonces, dialler: bytes(9) } }),
    "unknown",
    "of before",
  );
  assert.equal(await verdict({ nonces: swapped(TRANSCRIPT.nonces) }), "unknown");
  assert.equal(await verdict({ peers: swapped(TRANSCRIPT.peers) }), "unknown");
  assert.equal(await verdict({ content: parseContentId("cd".repeat(32)) }), "unknown");
});

test("who knows the link, but sees other certificates, is told from who does not know it", async () => {
  const { prints } = TRANSCRIPT;
  assert.equal(await verdict({ prints: { ...prints, dialler: bytes(9) } }), "intercepted");
  assert.equal(await verdict({ prints: { ...prints, answerer: bytes(9) } }), "intercepted");
  assert.equal(await verdict({ prints: swapped(prints) }), "intercepted");
});

test("the second half of a proof alone is none, nor is the first half twice", async () => {
  const { knows: first, bound } = await makeProof("dialler", TRANSCRIPT, prove);
  const judged = (proof: Parameters<typeof judgeProof>[0]) =>
    judgeProof(proof, { by: "dialler", transcript: TRANSCRIPT, prove });
  assert.equal(await judged({ knows: bound, bound }), "unknown");
  assert.equal(await judged({ knows: first, bound: first }), "intercepted");
});
