import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { GIB, KIB, MIB, toBase64Url } from "#sdk/base/bytes.ts";
import { parseManifest } from "#sdk/content/manifest.ts";
import { plant, runCli } from "./run-cli.ts";

const preload = new URL("./print-peak-memory.mjs", import.meta.url).href;

/** Hashes a file of zeros without blocks on the disk; returns the most memory the process held, in bytes. */
async function peakBytes(context: TestContext, sizeBytes: number): Promise<number> {
  const folder = plant(context);
  const file = join(folder, "film.mp4");
  writeFileSync(file, "");
  truncateSync(file, sizeBytes);
  const { status, stdout, stderr } = await runCli(["manifest", folder], ["--import", preload]);
  assert.equal(status, 0, stderr);
  const [resource] = parseManifest(stdout).resources;
  assert.equal(resource?.sizeBytes, sizeBytes);
  const zeros = createHash("sha256").update(new Uint8Array(resource.pieceBytes)).digest();
  const isWhole = sizeBytes % resource.pieceBytes === 0;
  const last = resource.hashes.slice(-32);
  if (isWhole) assert.equal(toBase64Url(last), zeros.toString("base64url"));
  return Number(/peak memory (\d+) KiB/.exec(stderr)?.[1]) * KIB;
}

test("hashing three gigabytes takes no more memory than hashing a hundred megabytes", {
  skip: process.platform === "linux" ? false : "reads the peak from /proc",
}, async (context) => {
  const small = await peakBytes(context, 100 * MIB);
  const large = await peakBytes(context, 3 * GIB);
  context.diagnostic(`${Math.round(small / MIB)} MiB for 100 MiB, ${Math.round(large / MIB)} MiB for 3 GiB`);
  assert.ok(large < 200 * MIB, `${large} bytes`);
  assert.ok(large - small < 64 * MIB, `${small} and ${large} bytes`);
});
