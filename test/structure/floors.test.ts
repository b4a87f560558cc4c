import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { brokenRules } from "./rules.ts";
import { readSourceTree } from "./source-tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = readSourceTree(root);

test("imports run downward, without circles, through the published doors, in files of 200 lines", () => {
  assert.deepEqual(brokenRules(files), []);
});

test("the scanner sees at least every import that esbuild sees", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: files.map((file) => file.path),
    // Nothing is followed and nothing bundled: only each file's own imports are wanted.
    plugins: [
      {
        name: "leave-imports",
        setup: (setup) => setup.onResolve({ filter: /.*/, namespace: "file" }, onResolve),
      },
    ],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outdir: "nowhere",
    logLevel: "silent",
  });
  for (const file of files) {
    const scanned = file.imports.map((found) => found.specifier);
    const seen = metafile.inputs[file.path]?.imports ?? [];
    for (const { path } of seen) assert.ok(scanned.includes(path), `${file.path} imports ${path}`);
  }
  assert.ok(Object.values(metafile.inputs).some((input) => input.imports.length > 0));
});

function onResolve({ path, kind }: { path: string; kind: string }) {
  return kind === "entry-point" ? undefined : { path, external: true };
}

test("floors 0 to 3 are compiled without the DOM's and Node's types", () => {
  const config = JSON.parse(readFileSync(`${root}/packages/sdk/tsconfig.pure.json`, "utf8"));
  assert.deepEqual(config.compilerOptions, { lib: ["ES2022"], types: [] });
  assert.deepEqual(config.include, ["src/base", "src/protocol", "src/content", "src/engine"]);
  const stage = readFileSync(`${root}/scripts/typecheck.mjs`, "utf8");
  assert.ok(stage.includes("packages/sdk/tsconfig.pure.json"));
});
