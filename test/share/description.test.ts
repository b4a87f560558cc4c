import assert from "node:assert/strict";
import { test } from "node:test";
import { createShareSigner, printOfKey, type ShareSigner } from "#sdk/adapters/share/share-keys.ts";
import { type ContentId, parseContentId } from "#sdk/base/ids.ts";
import { Description } from "#sdk/client/share/description.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import type { SignedHashes } from "#sdk/protocol/share/share-message.ts";

const CONTENT = parseContentId("ab".repeat(32));
const OTHER_CONTENT = parseContentId("cd".repeat(32));
const PIECES = 6;
const STREAM = new FileStream([{ path: "film.bin", sizeBytes: PIECES * 65_536 }], 65_536);
const FORGED = { code: "peer-untrusted" };

const hashesOf = (pieces: number, fill = 1) => new Uint8Array(32 * pieces).fill(fill);

async function sent(
  signer: ShareSigner,
  { content = CONTENT, stream = STREAM }: { content?: ContentId; stream?: FileStream } = {},
) {
  const keyPrint = await printOfKey(signer.publicKey);
  const description = new Description(content, keyPrint);
  await description.describe(stream, signer);
  return { description, keyPrint, listing: description.listing as Uint8Array };
}

async function signed(
  signer: ShareSigner,
  groups: readonly Uint8Array[],
  options: Parameters<typeof sent>[1] = {},
): Promise<SignedHashes[]> {
  const { description } = await sent(signer, options);
  for (const hashes of groups) await description.append(hashes, signer);
  return [...description.signed];
}

/** One bit of the last byte is another. */
function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => (at === bytes.byteLength - 1 ? byte ^ 1 : byte));
}

test("a list is taken from anybody, as long as the sender signed it for this share", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const description = new Description(CONTENT, keyPrint);
  assert.equal((await description.takeListing(listing)).totalBytes, STREAM.totalBytes);
  assert.equal(description.stream?.pieceCount, PIECES);

  const stranger = await sent(await createShareSigner());
  const elsewhere = await sent(signer, { content: OTHER_CONTENT });
  const longer = new FileStream([{ path: "another.bin", sizeBytes: 5 }]);
  const another = await sent(await createShareSigner(), { stream: longer });
  // The sender's key before a list that somebody else signed.
  const mixed = Uint8Array.of(...listing.subarray(0, 65), ...another.listing.subarray(65));
  const forgeries = {
    stranger: stranger.listing,
    elsewhere: elsewhere.listing,
    mixed,
    flipped: flipped(listing),
  };
  for (const [name, forgery] of Object.entries(forgeries)) {
    const fresh = new Description(CONTENT, keyPrint);
    await assert.rejects(fresh.takeListing(forgery), FORGED, name);
    assert.equal(fresh.stream, undefined, name);
  }
});

test("a list is not exchanged for another that the same sender signed later", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const second = await sent(signer, { stream: new FileStream([{ path: "b", sizeBytes: 5 }]) });
  const description = new Description(CONTENT, keyPrint);
  const stream = await description.takeListing(listing);
  assert.equal(await description.takeListing(second.listing), stream);
  assert.deepEqual(description.listing, listing);
});

test("hashes are taken in their order, as long as the sender signed them for this share and this place", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const [first, second] = (await signed(signer, [hashesOf(2, 1), hashesOf(2, 2)])) as [
    SignedHashes,
    SignedHashes,
  ];
  const description = new Description(CONTENT, keyPrint);
  // Before there is a list nobody's signature can be checked.
  await assert.rejects(description.takeHashes(first), FORGED);
  await description.takeListing(listing);
  assert.equal(await description.takeHashes(second), false);

  const [elsewhere] = (await signed(signer, [hashesOf(2, 3)], { content: OTHER_CONTENT })) as [SignedHashes];
  const [stranger] = (await signed(await createShareSigner(), [hashesOf(2, 3)])) as [SignedHashes];
  const forgeries = {
    elsewhere,
    stranger,
    flipped: { ...first, hashes: flipped(first.hashes) },
    moved: { ...second, first: 0 },
    shorter: { ...first, hashes: first.hashes.subarray(0, 32) },
  };
  for (const [name, forgery] of Object.entries(forgeries)) {
    await assert.rejects(description.takeHashes(forgery), FORGED, name);
    assert.equal(description.hashedPieces, 0, name);
  }
  assert.equal(await description.takeHashes(first), true);
  assert.equal(await description.takeHashes(first), false);
  assert.equal(await description.takeHashes(second), true);
  assert.deepEqual(
    [description.hashedPieces, description.hash(3), description.hash(4)],
    [4, hashesOf(1, 2), undefined],
  );
});

test("hashes that two peers pass on at once are taken once", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const [first] = (await signed(signer, [hashesOf(2)])) as [SignedHashes];
  const description = new Description(CONTENT, keyPrint);
  await description.takeListing(listing);
  const taken = await Promise.all([description.takeHashes(first), description.takeHashes(first)]);
  assert.deepEqual(taken.sort(), [false, true]);
  assert.equal(description.hashedPieces, 2);
});

test("more hashes than the list has pieces are refused, even those that its sender signed", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const longer = new FileStream([{ path: "film.bin", sizeBytes: (PIECES + 1) * 65_536 }], 65_536);
  const [many] = (await signed(signer, [hashesOf(PIECES + 1)], { stream: longer })) as [SignedHashes];
  const description = new Description(CONTENT, keyPrint);
  await description.takeListing(listing);
  await assert.rejects(description.takeHashes(many), FORGED);
  assert.equal(description.hashedPieces, 0);
});

test("who waits for the hashes of the first pieces is told as soon as those are known", async () => {
  const signer = await createShareSigner();
  const { keyPrint, listing } = await sent(signer);
  const description = new Description(CONTENT, keyPrint);
  await description.takeListing(listing);
  const told: number[] = [];
  for (const pieces of [5, 0, 3, 2]) void description.hashed(pieces).then(() => told.push(pieces));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  assert.deepEqual(told, [0]);
  const [first, second] = await signed(signer, [hashesOf(3), hashesOf(3, 2)]);
  await description.takeHashes(first as SignedHashes);
  await turn();
  assert.deepEqual(told, [0, 3, 2]);
  await description.takeHashes(second as SignedHashes);
  await turn();
  assert.deepEqual(told, [0, 3, 2, 5]);
});
