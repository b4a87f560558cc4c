import assert from "node:assert/strict";
import { test } from "node:test";
import { createShareSigner, printOfKey } from "#sdk/adapters/share/share-keys.ts";
import { parseContentId } from "#sdk/base/ids.ts";
import { Description } from "#sdk/client/share/description.ts";
import { DescriptionExchange } from "#sdk/client/share/description-exchange.ts";
import type { ProvedMessage } from "#sdk/client/share/secure-link.ts";
import { storedForm } from "#sdk/client/share/stored-description.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";

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
  const partner = {
    say: (message: ProvedMessage) => void told.push(message.type),
    cut: (error: unknown) => assert.fail(String(error)),
  };
  const reading = exchange.takeStored(storedForm(before));
  exchange.joined(partner);
  exchange.heard(partner, { type: "ask", listingFrom: undefined, hashesFrom: 0 });
  await reading;
  exchange.stop();
  assert.ok(told.includes("hashes"), `${told}`);
  assert.ok(told.indexOf("hashes") < told.indexOf("the list is used"), `${told}`);
});
