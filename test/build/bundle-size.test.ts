import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { buildScripts } from "../../scripts/esbuild-packages.mjs";

/*
 * What a page pays, compressed: all of a site's pages load the script, one tab loads the engine, and a browser loads the
 * worker once. Whatever is added has to be saved elsewhere; see docs/decisions/0029.
 */

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-size-"));
  await buildScripts(folder);
});

after(() => rm(folder, { recursive: true }));

for (const [what, name, most] of [
  ["the script of the script tag is at most 12,000 bytes", "rivulet.js", 12_000],
  ["the script of the engine is at most 48,200 bytes", "rivulet-engine.js", 48_200],
  ["the worker of shares is at most 5,600 bytes", "rivulet-share-worker.js", 5_600],
  ["the Service Worker is at most 5,600 bytes", "rivulet-sw.js", 5_600],
] as const)
  test(`${what}, compressed`, async (t) => {
    const { length } = gzipSync(await readFile(join(folder, name)), { level: 9 });
    t.diagnostic(`${name} is ${length} bytes compressed; ${most - length} are left`);
    assert.ok(length <= most, `It is ${length} bytes.`);
  });

test("the script names the engine and the panel by their contents, so that no cache mixes two releases", async () => {
  const code = await readFile(join(folder, "rivulet.js"), "utf8");
  for (const name of ["rivulet-engine.js", "rivulet-panel.js"]) {
    const hash = await crypto.subtle.digest("SHA-256", await readFile(join(folder, name)));
    const version = Buffer.from(hash).toString("hex").slice(0, 12);
    assert.ok(code.includes(`"${name}?${version}"`), name);
  }
});
