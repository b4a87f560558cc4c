import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { browserOptions } from "../../scripts/esbuild-slim.mjs";

const FOLDER = "packages/sdk/src/integrations";

async function compressed(entry: string): Promise<number> {
  const options = { ...browserOptions(), entryPoints: [`${FOLDER}/${entry}`], format: "esm" as const };
  const { outputFiles } = await build({ ...options, minify: true, write: false });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

for (const [what, entry, most] of [
  ["the panel is less than 6,000 bytes", "panel/index.ts", 5_999],
  ["the beacon is at most 700 bytes", "site/beacon.ts", 700],
] as const)
  test(`${what}, compressed`, async (t) => {
    const bytes = await compressed(entry);
    t.diagnostic(`it is ${bytes} bytes; ${most - bytes} are left`);
    assert.ok(bytes <= most, `It is ${bytes} bytes.`);
  });
