import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseManifest } from "#sdk/content/manifest.ts";
import { plant, runCli } from "./run-cli.ts";

test("--help and --version answer on standard output", async () => {
  const help = await runCli(["--help"]);
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Usage: rivulet COMMAND/);
  const ofCommand = await runCli(["manifest", "--help"]);
  assert.match(ofCommand.stdout, /Usage: rivulet manifest DIR/);
  const version = await runCli(["--version"]);
  assert.equal(version.stdout, `${JSON.parse(readFileSync("packages/sdk/package.json", "utf8")).version}\n`);
});

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /Say what to do/],
  [["manifset", "."], /no command manifset\. Did you mean manifest\?/],
  [["--versoin"], /no option --versoin\. Did you mean --version\?/],
  [["manifest"], /Name the folder/],
  [["manifest", "a", "b"], /"b" is one too many/],
  [["manifest", ".", "--bsae", "https://x/"], /no option --bsae\. Did you mean --base\?/],
  [["manifest", ".", "--frobnicate"], /no option --frobnicate\. --help/],
  [["manifest", ".", "--out"], /--out needs a value/],
  [["manifest", ".", "--out="], /--out needs a value/],
  [["manifest", ".", "--out", "--base", "https://x/"], /--out needs a value/],
  [["manifest", ".", "--base", "/photos/"], /--base must be an absolute URL/],
  [["manifest", ".", "--base", "ftp://example/"], /--base must be an absolute URL/],
  [["manifest", ".", "--base", "https://example/?a=b"], /neither a query nor a fragment/],
  [["manifest", ".", "--base", "https://me:secret@example/"], /must not hold a password/],
  [["manifest", ".", "--out", "no/such/folder/m.json"], /no folder "no\/such\/folder"/],
  [["manifest", ".", "--out", "/dev/null"], /not a regular file/],
];

test("a wrong call is answered by one line that says what was meant, and by exit code 2", async () => {
  for (const [args, message] of MISTAKES) {
    const { status, stdout, stderr } = await runCli(args);
    assert.match(stderr, message);
    assert.match(stderr, /^rivulet[^\n]*\n$/);
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
  }
});

test("a folder that is missing, or is a file, is a failure: exit code 1", async (context) => {
  const folder = plant(context, { "a.txt": "a" });
  for (const [directory, message] of [
    [join(folder, "missing"), /There is no readable folder/],
    [join(folder, "a.txt"), /is a file; name the folder/],
  ] as const) {
    const { status, stderr } = await runCli(["manifest", directory]);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
});

test("--out writes the manifest whole, leaves itself out of the next one, and leaves no draft", async (context) => {
  const folder = plant(context, { "a.txt": "a", "b/c.txt": "c" });
  const out = join(folder, "rivulet.json");
  const runs = [];
  for (let i = 0; i < 2; i++) {
    const { status, stdout, stderr } = await runCli([
      "manifest",
      folder,
      "--out",
      out,
      "--base",
      "https://x.example/y",
    ]);
    assert.deepEqual([status, stdout], [0, ""], stderr);
    assert.match(
      stderr,
      /^Hashing 2 file\(s\), 2 B\.\n2 file\(s\), 2 B, 2 piece\(s\): manifest of .* in .*rivulet\.json\.\n$/,
    );
    runs.push(readFileSync(out, "utf8"));
  }
  assert.equal(runs[0], runs[1]);
  const manifest = parseManifest(runs[0] as string);
  assert.equal(manifest.base, "https://x.example/y/");
  assert.deepEqual(
    manifest.resources.map(({ path }) => path),
    ["a.txt", "b/c.txt"],
  );
  assert.deepEqual(readdirSync(folder).sort(), ["a.txt", "b", "rivulet.json"]);
});

test("a failed run leaves the manifest of the last one", async (context) => {
  const folder = plant(context, { "m.json": "the old one" });
  const { status } = await runCli(["manifest", join(folder, "missing"), "--out", join(folder, "m.json")]);
  assert.equal(status, 1);
  assert.equal(readFileSync(join(folder, "m.json"), "utf8"), "the old one");
  assert.ok(!existsSync(join(folder, "missing")));
});

test("--exclude may be given several times", async (context) => {
  const folder = plant(context, { "a.txt": "a", "a.map": "m", "src/b.txt": "b", "x/c.map": "c" });
  const { stdout } = await runCli(["manifest", folder, "--exclude", "*.map", "--exclude", "src"]);
  assert.deepEqual(
    parseManifest(stdout).resources.map(({ path }) => path),
    ["a.txt"],
  );
});
