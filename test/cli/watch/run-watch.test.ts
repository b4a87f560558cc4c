import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { runCommandLine } from "#sdk/cli/command-line.ts";
import { type Manifest, parseManifest } from "#sdk/content/manifest.ts";
import { plant, startCli } from "../run-cli.ts";
import { firsts, playlist, put, segment } from "./live-stage.ts";

/** Reads a manifest over and over, as viewers do, until it says what is wanted; it must be sound every time. */
async function untilManifest(location: string, says: (manifest: Manifest) => boolean): Promise<Manifest> {
  for (;;) {
    if (existsSync(location)) {
      const manifest = parseManifest(readFileSync(location, "utf8"));
      if (says(manifest)) return manifest;
    }
    await new Promise(setImmediate);
  }
}

function lists(...wanted: readonly string[]): (manifest: Manifest) => boolean {
  return ({ resources }) => wanted.every((name) => resources.some(({ path }) => path === name));
}

function packager(context: TestContext) {
  const folder = plant(context, { "index.m3u8": playlist([]) });
  const names: string[] = [];
  /** Puts the next segment into the playlist, whose window has four. */
  const next = (): string => {
    const name = `segment-${names.length}.m4s`;
    put(folder, name, segment(names.length));
    names.push(name);
    if (names.length > 6) rmSync(join(folder, `segment-${names.length - 7}.m4s`));
    put(folder, "index.m3u8", playlist(names.slice(-4)));
    return name;
  };
  return { folder, next, out: join(folder, "rivulet.json") };
}

test("a running watcher lists each segment, ends with code 0, and the next one goes on with its stream", async (context) => {
  const { folder, next, out } = packager(context);
  let before: Manifest | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const watcher = startCli(context, ["manifest", "--watch", folder]);
    let manifest = await untilManifest(out, () => true);
    for (let index = 0; index < 9; index++) manifest = await untilManifest(out, lists(next()));
    const { status, stdout, stderr } = await watcher.stop(signal);
    assert.deepEqual([status, stdout], [0, ""], stderr);
    const story = before ? "goes on with" : "begins";
    assert.match(
      stderr,
      new RegExp(`^Watching .*rivulet\\.json ${story} the live stream [\\w-]{22}\\..*\nEnded\\. .*\n$`),
    );
    assert.ok((before?.live?.nextPiece ?? 0) < (manifest.live?.nextPiece ?? 0));
    if (before) {
      assert.equal(manifest.live?.stream, before.live?.stream);
      const lowest = Math.min(...Object.values(firsts(manifest)).map(Number));
      assert.ok(lowest >= (before.live?.nextPiece ?? 0), "nothing of the first run is left");
    }
    before = manifest;
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
    "no draft is left",
  );
});

test("--keep, --base, --out and --exclude say what is listed, and where", async (context) => {
  const { folder, next } = packager(context);
  const out = join(plant(context), "live.json");
  for (let index = 0; index < 4; index++) next();
  const options = ["--keep", "2", "--base", "https://cdn.example/live", "--out", out, "--exclude", "*-3.m4s"];
  const watcher = startCli(context, ["manifest", folder, "--watch", ...options]);
  const manifest = await untilManifest(out, lists("segment-2.m4s"));
  assert.equal(manifest.base, "https://cdn.example/live/");
  assert.deepEqual(Object.keys(firsts(manifest)), ["segment-1.m4s", "segment-2.m4s"]);
  const { status, stderr } = await watcher.stop("SIGTERM");
  assert.equal(status, 0);
  assert.match(stderr, /The manifest has reached 2 files \(--keep\)/);
  assert.ok(!existsSync(join(folder, "rivulet.json")));
});

test("a manifest that is not its own is replaced, and that is said", async (context) => {
  const { folder, next, out } = packager(context);
  put(folder, "rivulet.json", "{");
  const name = next();
  const watcher = startCli(context, ["manifest", "--watch", folder]);
  while (readFileSync(out, "utf8") === "{") await new Promise((resolve) => setTimeout(resolve, 5));
  await untilManifest(out, lists(name));
  const { status, stderr } = await watcher.stop("SIGTERM");
  assert.equal(status, 0);
  assert.match(stderr, /rivulet\.json" is replaced by the manifest of a new stream/);
});

test("a watcher that is called wrongly says so and ends with code 2, without a folder with 1", async (context) => {
  const folder = plant(context, { "a.txt": "a" });
  const calls: readonly (readonly [args: readonly string[], status: number, message: RegExp])[] = [
    [["--watch"], 2, /Name the folder/],
    [["--wacth", folder], 2, /no option --wacth\. Did you mean --watch\?/],
    [["--watch=yes", folder], 2, /--watch takes no value/],
    [["--watch", folder, "--kep", "3"], 2, /no option --kep\. Did you mean --keep\?/],
    [["--keep", "3", folder], 2, /--keep is for --watch only/],
    ...["0", "100001", "1.5", "x"].map(
      (keep) =>
        [["--watch", folder, "--keep", keep], 2, /--keep must be a whole number from 1 to 100000/] as const,
    ),
    [["--watch", folder, "--out", join(folder, "no/m.json")], 2, /no folder/],
    [["--watch", join(folder, "missing")], 1, /There is no readable folder/],
    [["--watch", join(folder, "a.txt")], 1, /is a file; name the folder/],
  ];
  for (const [args, expected, message] of calls) {
    const stderr = new PassThrough();
    const status = await runCommandLine(["manifest", ...args], { stdout: new PassThrough(), stderr });
    assert.match(String(stderr.read()), message);
    assert.equal(status, expected, args.join(" "));
  }
});
