import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { brokenRules } from "./rules.ts";
import { readSourceTree } from "./source-tree.ts";

/** Plants files, "sdk/base/a.ts" standing for packages/sdk/src/base/a.ts, and returns the rules they break. */
function check(planted: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "rivulet-rules-"));
  try {
    for (const [name, text] of Object.entries(planted)) {
      const [pack, ...rest] = name.split("/");
      const file = join(root, "packages", pack as string, "src", ...rest);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return brokenRules(readSourceTree(root));
  } finally {
    rmSync(root, { recursive: true });
  }
}

function assertOne(broken: readonly string[], pattern: RegExp): void {
  assert.equal(broken.length, 1, broken.join("\n"));
  assert.match(broken[0] as string, pattern);
}

test("a sound tree breaks no rule", () => {
  const broken = check({
    "sdk/base/a.ts": "export const a = 1;\n",
    "sdk/engine/node.ts":
      'import { t } from "./transfer/t.ts";\nimport { p } from "./peers/p.ts";\nexport { t, p };\n',
    "sdk/engine/transfer/t.ts": 'import { a } from "../../base/a.ts";\nexport const t = a;\n',
    "sdk/engine/peers/p.ts": "export const p = 1;\n",
    "sdk/adapters/x.ts": 'import Peer from "simple-peer";\nexport const x = Peer;\n',
    "sdk/index.ts": 'export * from "./adapters/x.ts";\n',
    "sdk/cli/main.ts":
      'import { x } from "../index.ts";\nimport pack from "../../package.json" with { type: "json" };\n',
    "signaling/server.ts":
      'import { decodeFrame } from "@rivulet/sdk/protocol";\nimport { merkleRoot } from "@rivulet/sdk/content";\nimport { WebSocketServer } from "ws";\n',
  });
  assert.deepEqual(broken, []);
});

const UPWARD: Readonly<Record<string, string>> = {
  "a value import": 'import { b } from "../engine/b.ts";',
  "a type import": 'import type { B } from "../engine/b.ts";',
  "an inline type import": 'import { type B } from "../engine/b.ts";',
  "a re-export": 'export { b } from "../engine/b.ts";',
  "a re-export of everything": 'export * from "../engine/b.ts";',
  "a named re-export of everything": 'export * as b from "../engine/b.ts";',
  "a re-export of a type": 'export type { B } from "../engine/b.ts";',
  "a dynamic import": 'export const b = () => import("../engine/b.ts");',
  "an import of a type in place": 'export type B = import("../engine/b.ts").B;',
  "a bare import": 'import "../engine/b.ts";',
  "an import after a division": 'const x = 6 / 2; const y = 4 / 2;\nimport { b } from "../engine/b.ts";',
  "an import over several lines": 'import {\n  b, // from "nowhere"\n  type B,\n} from "../engine/b.ts";',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a module's text
  "an import inside a template": 'export const t = `${await import("../engine/b.ts")}`;',
};

for (const [what, text] of Object.entries(UPWARD)) {
  test(`${what} that points upward is found`, () => {
    const broken = check({ "sdk/content/a.ts": `${text}\n`, "sdk/engine/b.ts": "export const b = 1;\n" });
    assertOne(broken, /^packages\/sdk\/src\/content\/a\.ts:\d+ imports upward, from floor 2 to 3/);
  });
}

const HARMLESS: Readonly<Record<string, string>> = {
  "a line comment": '// import { b } from "../engine/b.ts";',
  "a block comment": '/* import { b } from "../engine/b.ts"; */',
  "a string": `export const s = 'import { b } from "../engine/b.ts"';`,
  "a template": 'export const s = `import { b } from "../engine/b.ts";`;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a module's text
  "a nested template": 'export const s = `${`import "../engine/b.ts"` + {}.a}import "../engine/b.ts"`;',
  "a regular expression": `export const r = /import "..\\/engine\\/b.ts"/;`,
  "a regular expression with a quote": `export const r = /["'\`]/; export const q = "import '../engine/b.ts'";`,
  "a method called import": 'export const s = x.import("../engine/b.ts");',
};

for (const [what, text] of Object.entries(HARMLESS)) {
  test(`${what} that looks like an import is none`, () => {
    assert.deepEqual(check({ "sdk/content/a.ts": `${text}\n` }), []);
  });
}

test("an integration that imports the front door points upward", () => {
  const broken = check({ "sdk/integrations/a.ts": 'import "../index.ts";\n', "sdk/index.ts": "\n" });
  assertOne(broken, /from floor 6 to 7/);
});

test("siblings inside the engine that import each other are found", () => {
  const broken = check({
    "sdk/engine/peers/a.ts": 'import type { B } from "../swarm/b.ts";\n',
    "sdk/engine/swarm/b.ts": "export type B = 1;\n",
  });
  assertOne(broken, /imports a sibling, peers of swarm/);
});

test("a circle is found, type imports included", () => {
  const broken = check({
    "signaling/a.ts": 'import { b } from "./b.ts";\n',
    "signaling/b.ts": 'import { c } from "./c.ts";\n',
    "signaling/c.ts": 'import type { A } from "./a.ts";\n',
  });
  assertOne(broken, /^imports go round: .*a\.ts → .*b\.ts → .*c\.ts → .*a\.ts$/);
});

for (const specifier of ["node:fs", "fs", "simple-peer", "@rivulet/signaling", "#sdk/base/bytes.ts"]) {
  test(`${specifier} on floors 0 to 3 is found`, () => {
    const broken = check({ "sdk/engine/a.ts": `import "${specifier}";\n` });
    assert.match(broken[0] ?? "", /engine\/a\.ts:1 imports .* floors 0 to 3/);
  });
}

test("the server may import nothing of the SDK but its protocol and its content", () => {
  for (const door of ["@rivulet/sdk", "@rivulet/sdk/hls", "@rivulet/sdk/src/base/bytes.ts"]) {
    assertOne(check({ "signaling/a.ts": `import "${door}";\n` }), /the server knows only the protocol/);
  }
  const around = check({ "signaling/a.ts": 'import "../../sdk/src/base/a.ts";\n', "sdk/base/a.ts": "\n" });
  assertOne(around, /reaches out of its package/);
});

test("a file of 201 lines is found, one of 200 is not", () => {
  assert.deepEqual(check({ "signaling/a.ts": "//\n".repeat(200) }), []);
  assertOne(check({ "signaling/a.ts": "//\n".repeat(201) }), /has 201 lines/);
});

test("names that say nothing are found in files and folders", () => {
  assertOne(check({ "sdk/base/utils.ts": "\n" }), /"utils\.ts"/);
  assertOne(check({ "sdk/engine/helpers/a.ts": "\n" }), /"helpers"/);
  assertOne(check({ "signaling/types.d.ts": "\n" }), /"types\.d\.ts"/);
  assert.deepEqual(check({ "sdk/cli/media-types.ts": "\n" }), []);
});

test("a folder on no floor is found", () => {
  assertOne(check({ "sdk/extras/a.ts": "\n" }), /is on no floor/);
});
