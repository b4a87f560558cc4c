import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { merkleRoot } from "#sdk/content/merkle.ts";

const hash = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> => new Uint8Array(hash(bytes));

/** The same tree another way: leaves filled up with zero hashes to a power of two, then halved recursively. */
function rootByHalves(leaves: readonly Buffer[]): Buffer {
  let size = 1;
  while (size < leaves.length) size *= 2;
  const zero = Buffer.alloc(32);
  const rootOf = (from: number, count: number): Buffer =>
    count === 1
      ? (leaves[from] ?? zero)
      : hash(Buffer.concat([rootOf(from, count / 2), rootOf(from + count / 2, count / 2)]));
  return rootOf(0, size);
}

test("the root is that of the tree over leaves padded with zero hashes, as in BEP 52", async () => {
  for (let count = 1; count <= 40; count++) {
    const leaves = Array.from({ length: count }, (_, i) => hash(Buffer.of(i)));
    const root = await merkleRoot(new Uint8Array(Buffer.concat(leaves)), sha256);
    assert.equal(Buffer.from(root).toString("hex"), rootByHalves(leaves).toString("hex"), `${count} leaves`);
  }
});

test("one hash is its own root and no hash at all gives the zero hash", async () => {
  const leaf = new Uint8Array(hash(Buffer.of(1)));
  assert.deepEqual(await merkleRoot(leaf, sha256), leaf);
  assert.deepEqual(await merkleRoot(new Uint8Array(0), sha256), new Uint8Array(32));
});

test("any change to any hash changes the root", async () => {
  const leaves = new Uint8Array(Buffer.concat([0, 1, 2, 3, 4].map((i) => hash(Buffer.of(i)))));
  const root = await merkleRoot(leaves, sha256);
  for (let at = 0; at < leaves.byteLength; at += 32) {
    const changed = leaves.slice();
    changed[at] = (changed[at] as number) ^ 1;
    assert.notDeepEqual(await merkleRoot(changed, sha256), root);
  }
});
