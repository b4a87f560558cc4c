import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { loadManifest } from "#sdk/client/manifest-file.ts";
import { formatManifest } from "#sdk/content/manifest.ts";
import { bytesOf, liveManifestOf, manifestOf, sha256 } from "./support/sample.ts";
import { FILES, openSite } from "./support/site.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = String(publicKey.export({ format: "jwk" }).x);
const OTHER_KEY = String(generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x);
const CONTEXT = "rivulet manifest 1\n";

const signed = (text: string) => sign(null, Buffer.from(text), privateKey).toString("base64url");
const TEXT = formatManifest(await manifestOf({ "a.bin": bytesOf(9) }, "https://site.example/"));

/** What becomes of a manifest: `loaded`, or the code of the error. */
async function load(given: { text?: string; signature?: string | undefined; key?: string }): Promise<string> {
  const { text = TEXT, signature, key = KEY } = given;
  const headers = signature === undefined ? {} : { "rivulet-signature": signature };
  const fetch = async () => new Response(text, { headers });
  try {
    await loadManifest({ url: "https://signal.example/manifest", hasher: sha256, fetch, key });
    return "loaded";
  } catch (error) {
    assert.ok(error instanceof RivuletError);
    return `${error.code}: ${error.message}`;
  }
}

const UNTRUSTED = "manifest-untrusted: The manifest is not signed with `manifestKey`.";

test("a manifest that is signed with the key is used, also a live one", async () => {
  const live = formatManifest(await liveManifestOf({ "1.ts": bytesOf(9) }));
  for (const text of [TEXT, live])
    assert.equal(await load({ text, signature: signed(CONTEXT + text) }), "loaded");
});

test("a manifest is refused whose signature is missing, of another key, of other bytes or for another purpose", async () => {
  const signature = signed(CONTEXT + TEXT);
  const cases = {
    missing: await load({}),
    empty: await load({ signature: "" }),
    cut: await load({ signature: signature.slice(0, -4) }),
    padded: await load({ signature: `${signature}==` }),
    "of another key": await load({ signature, key: OTHER_KEY }),
    "of other bytes": await load({ signature, text: TEXT.replace("a.bin", "b.bin") }),
    "of the same JSON in other bytes": await load({ signature, text: `${TEXT} ` }),
    "for another purpose": await load({ signature: signed(TEXT) }),
  };
  for (const [what, became] of Object.entries(cases)) assert.equal(became, UNTRUSTED, what);
});

test("a browser that lacks Ed25519 uses no manifest that has to be signed, and says so", async (t) => {
  t.mock.method(crypto.subtle, "importKey", async () => {
    throw new DOMException("Unrecognized name.", "NotSupportedError");
  });
  assert.match(await load({ signature: signed(CONTEXT + TEXT) }), /^manifest-untrusted: .*lacks Ed25519\.$/);
});

test("without a key a manifest needs no signature, whatever comes with it", async () => {
  const fetch = async () => new Response(TEXT, { headers: { "rivulet-signature": "junk" } });
  await loadManifest({ url: "https://signal.example/manifest", hasher: sha256, fetch });
});

test("a page whose manifest is not signed by its key gets everything from the origin", async (t) => {
  const site = await openSite(t);
  const { rivulet, plain, of } = site.visit({ options: { manifestKey: KEY } });
  await assert.rejects(rivulet.ready, { code: "manifest-untrusted" });
  const response = await rivulet.fetch("/data.json");
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), FILES["data.json"]);
  assert.deepEqual([rivulet.state, plain], ["origin-only", ["/data.json"]]);
  assert.deepEqual(
    of("problem").map(({ code }) => code),
    ["manifest-untrusted"],
  );
});
