import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { ManifestSigner } from "#signaling/manifests/manifest-signer.ts";
import { isSigned, stage } from "./manifest-stage.ts";

const folder = mkdtempSync(join(tmpdir(), "rivulet-key-"));
after(() => rmSync(folder, { recursive: true }));

/** A key as an operator makes it. */
function keyFile(algorithm: string): string {
  const path = join(folder, `${algorithm}.pem`);
  execFileSync("openssl", ["genpkey", "-algorithm", algorithm, "-out", path], { stdio: "pipe" });
  return path;
}

test("processes with the same key file sign alike, and nobody is warned", async (t) => {
  const options = { manifestKeyFile: keyFile("ed25519") };
  const files = { "/a": "a" };
  const [one, other] = [await stage(t, { files, options }), await stage(t, { files, options })];
  const { publicKey } = await ManifestSigner.fromFile(options.manifestKeyFile);
  assert.ok(isSigned(await one.ask(["/a"]), publicKey.x));
  assert.ok(isSigned(await other.ask(["/a"]), publicKey.x));
  assert.deepEqual([one.warnings, other.warnings], [[], []]);
});

test("without a key file each process has a key of its own", () => {
  const [one, other] = [ManifestSigner.withFreshKey(), ManifestSigner.withFreshKey()];
  assert.notEqual(one.publicKey.x, other.publicKey.x);
  assert.notEqual(one.publicKey.kid, other.publicKey.kid);
});

test("a key file that is missing, of another kind or none is refused, without a word of what is in it", async () => {
  const junk = join(folder, "junk.pem");
  writeFileSync(junk, "-----BEGIN PRIVATE KEY-----\nVERYSECRET\n-----END PRIVATE KEY-----\n");
  const refusal = (path: string) =>
    ManifestSigner.fromFile(path).then(
      () => assert.fail("It was accepted."),
      (error: unknown) => (error instanceof RivuletError ? error : assert.fail()),
    );
  assert.equal((await refusal(join(folder, "missing.pem"))).code, "file-unreadable");
  for (const path of [junk, keyFile("x25519"), keyFile("ed448")]) {
    const { code, message, cause } = await refusal(path);
    assert.equal(code, "bad-option", path);
    assert.match(message, /openssl genpkey -algorithm ed25519/);
    assert.doesNotMatch(`${message} ${cause}`, /VERYSECRET/);
  }
});
