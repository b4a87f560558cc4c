import assert from "node:assert/strict";
import { test } from "node:test";
import { createShareSigner, printOfKey } from "#sdk/adapters/share/share-keys.ts";
import { parseContentId } from "#sdk/base/ids.ts";
import { Description } from "#sdk/client/share/description.ts";
import { DescriptionExchange } from "#sdk/client/share/description-exchange.ts";
import type { ProvedMessage } from "#sdk/client/share/secure-link.ts";
import { storedForm } from "#sdk/client/share/stored-description.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { testPartner } from "./support/test-partner.ts";

const CONTENT = parseContentId("ab".repeat(32));
const STREAM = new FileStream([{ path: "film.bin", sizeBytes: 6 * 65_536 }], 65_536);

test("who asks while an earlier visit's description is being read hears of its hashes before the list is used", async () => {
  const signer = await createShareSigner();
  const keyPrint = await printOfKey(signer.publicKey);
  const before = new Description(CONTENT, keyPrint);
  await before.describe(STREAM, signer);
  await before.append(new Uint8Array(6 * 32).fill(1), signer);

  const told: string[] = [];
  const description = new Description(CONTENT, keyPrint);
  const exchange = new DescriptionExchange(description, {
    onListing: () => void told.push("the list is used"),
    onHashes: () => undefined,
    onForged: (error) => assert.fail(error),
  });
  const partner = { ...testPartner(), say: ({ type }: ProvedMessage) => void told.push(type) };
  const reading = exchange.takeStored(storedForm(before));
  exchange.joined(partner);
  exchange.heard(partner, { type: "ask", listingFrom: undefined, hashesFrom: 0 });
  await reading;
  exchange.stop();
  assert.ok(told.includes("hashes"), `${told}`);
  assert.ok(told.indexOf("hashes") < told.indexOf("the list is used"), `${told}`);
});

/** What somebody knows who has the link, and the list of files. */
async function known() {
  const signer = await createShareSigner();
  const keyPrint = await printOfKey(signer.publicKey);
  const description = new Description(CONTENT, keyPrint);
  await description.describe(STREAM, signer);
  const forged: unknown[] = [];
  const told = { onListing: () => undefined, onHashes: () => undefined };
  const exchange = (of: Description) =>
    new DescriptionExchange(of, { ...told, onForged: (error) => void forged.push(error) });
  return { description, keyPrint, forged, exchange };
}

test("who asks on and on and takes nothing is cut", async () => {
  const { description, exchange } = await known();
  const asked = exchange(description);
  const greedy = testPartner();
  asked.joined(greedy);
  asked.heard(greedy, { type: "ask", listingFrom: 0, hashesFrom: 0 });
  assert.deepEqual([greedy.parts.length, greedy.cuts.length], [1, 0]);
  greedy.bufferedBytes = 16 << 20;
  asked.heard(greedy, { type: "ask", listingFrom: 0, hashesFrom: 0 });
  assert.equal(greedy.cuts[0]?.code, "protocol-violation");
  asked.stop();
});

test("of what somebody sent, nothing is looked at any more once one thing of it was forged", async () => {
  const { description, keyPrint, forged, exchange } = await known();
  const lacking = exchange(new Description(CONTENT, keyPrint));
  const forger = testPartner();
  const { cut } = forger;
  forger.cut = (error) => {
    cut(error);
    lacking.left(forger);
  };
  const bytes = description.listing as Uint8Array;
  lacking.joined(forger);
  lacking.heard(forger, { type: "listing", length: bytes.byteLength, offset: 0, bytes });
  const signed = { first: 0, signature: new Uint8Array(64), hashes: new Uint8Array(32) };
  for (let turn = 0; turn < 10; turn++) lacking.heard(forger, { type: "hashes", signed });
  await lacking.settled;
  assert.deepEqual([forger.cuts.length, forged.length], [1, 1]);
  lacking.stop();
});

test("it is known who was sent the whole list", async () => {
  const { description, exchange } = await known();
  const knowing = exchange(description);
  const partner = testPartner();
  knowing.joined(partner);
  assert.equal(knowing.gaveList(partner.peer), false);
  knowing.heard(partner, { type: "ask", listingFrom: 0, hashesFrom: 0 });
  assert.equal(knowing.gaveList(partner.peer), true);
  knowing.left(partner);
  assert.equal(knowing.gaveList(partner.peer), false);
  knowing.stop();
});
