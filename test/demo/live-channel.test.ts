import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { type Channel, openChannel } from "#demo/server/live/channel.ts";
import { encoderArguments } from "#demo/server/live/encoder-arguments.ts";
import { findFfmpeg } from "#demo/server/live/find-ffmpeg.ts";
import { readLoop } from "#demo/server/live/loop-media.ts";
import { type Manifest, parseManifest } from "#sdk/content/manifest.ts";

const folder = await mkdtemp(join(tmpdir(), "rivulet-test-"));
after(() => rm(folder, { recursive: true }));

/** A program that is called like ffmpeg, says it is one, and else does what `script` says. */
async function fakeFfmpeg(script: string): Promise<string> {
  const bin = await mkdtemp(join(folder, "bin-"));
  const path = join(bin, "ffmpeg");
  const version = "if [ \"$1\" = -version ]; then echo 'ffmpeg version 6.1.1-3 Copyright'; exit; fi";
  await writeFile(path, `#!/bin/sh\n${version}\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function open(t: TestContext, script: string | undefined) {
  const ffmpeg = script && (await findFfmpeg({ FFMPEG_PATH: await fakeFfmpeg(script) }));
  const told: string[] = [];
  let fail = (): void => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const channel = await openChannel({
    ffmpeg: ffmpeg || undefined,
    onClock: () => fail(),
    tell: (sentence) => told.push(sentence),
  });
  t.after(() => channel.close());
  return { channel, told, failed };
}

/** Waits for a file that the channel is about to write. */
async function fileOf({ folder }: Channel, name: string): Promise<string> {
  while (!existsSync(join(folder, name))) await pause();
  return readFile(join(folder, name), "utf8");
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("without ffmpeg the channel repeats a recording, says why it has no clock, and lists its segments", async (t) => {
  const { channel, told } = await open(t, undefined);
  const playlist = await fileOf(channel, "index.m3u8");
  const named = playlist.match(/^segment-\d+\.ts$/gm) ?? [];
  assert.equal(named.length, 12);
  const files = await readdir(channel.folder);
  assert.deepEqual(
    named.filter((name) => !files.includes(name)),
    [],
  );
  const manifest = async (): Promise<Manifest> => parseManifest(await fileOf(channel, "rivulet.json"));
  while ((await manifest()).resources.length === 0) await pause();
  const { live, resources } = await manifest();
  assert.ok(live, "the manifest is a live one");
  assert.ok(resources.some(({ path }) => named.includes(path)));
  assert.equal(channel.clock.kind, "none");
  assert.match(channel.clock.kind === "none" ? channel.clock.why : "", /apt-get install ffmpeg.*FFMPEG_PATH/);
  await channel.close();
  assert.equal(existsSync(channel.folder), false);
  assert.deepEqual(told, []);
});

test("an ffmpeg that cannot do it is replaced by the recording, and its last words are told", async (t) => {
  const { channel, told, failed } = await open(
    t,
    "echo first >&2; echo \"No such filter: 'drawtext'\" >&2; exit 1",
  );
  await failed;
  assert.deepEqual(channel.clock, { kind: "none", why: "ffmpeg stopped: No such filter: 'drawtext'" });
  assert.match(await fileOf(channel, "index.m3u8"), /#EXTINF/);
  await channel.close();
  assert.deepEqual(told, [
    "The live channel goes on without a clock. ffmpeg stopped: No such filter: 'drawtext'",
  ]);
});

test("an ffmpeg that does not end when it is asked to is killed, and the folder goes with it", async (t) => {
  const pidFile = join(folder, "deaf-pid");
  const { channel, told } = await open(
    t,
    `trap '' TERM; echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}
while :; do sleep 0.05; done`,
  );
  while (!existsSync(pidFile)) await pause();
  const pid = Number(await readFile(pidFile, "utf8"));
  assert.ok(isAlive(pid));
  assert.equal(channel.clock.kind, "burnt-in");
  await channel.close();
  assert.equal(isAlive(pid), false);
  assert.equal(existsSync(channel.folder), false);
  assert.deepEqual(told, []);
});

test("ffmpeg gets the loop over and over", async (t) => {
  const loop = await readLoop();
  const bytes = loop.reduce((sum, segment) => sum + segment.bytes.length, 0);
  const count = join(folder, "count");
  const { channel } = await open(
    t,
    `head -c ${bytes * 2 + 1} | wc -c > ${count}.new; mv ${count}.new ${count}
exec sleep 600`,
  );
  while (!existsSync(count)) await pause();
  assert.equal(Number(await readFile(count, "utf8")), bytes * 2 + 1);
  await channel.close();
});

test("the loop is twenty seconds in segments of two", async () => {
  const loop = await readLoop();
  assert.deepEqual(
    loop.map(({ durationMs }) => durationMs),
    Array(10).fill(2000),
  );
});

test("fractions of a second are drawn by those versions that know them", () => {
  const clock = (version: string): string | undefined =>
    encoderArguments({ folder, firstNumber: 7, version, fontFile: "/mono.ttf" }).find((text) =>
      text.includes("drawtext"),
    );
  for (const version of ["5.1.9-0+deb12u1", "6.0", "n7.1", "N-109468-gd39b34123d"])
    assert.match(clock(version) ?? "", /%S\.%3N/);
  for (const version of ["4.4.2-0ubuntu0.22.04.1", "5.0.1"]) assert.match(clock(version) ?? "", /%S}/);
});

test("segments are numbered from the number that is given, in the folder that is given", () => {
  const args = encoderArguments({ folder: "/live", firstNumber: 1795, version: "6.1", fontFile: undefined });
  assert.equal(args[args.indexOf("-start_number") + 1], "1795");
  assert.equal(args.at(-1), join("/live", "index.m3u8"));
  assert.match(args.join(" "), /drawtext=font=Monospace/);
});

test("an ffmpeg is found by FFMPEG_PATH or on PATH, and only one that answers", async () => {
  const path = await fakeFfmpeg("exit 1");
  const found = { path, version: "6.1.1-3" };
  assert.deepEqual(await findFfmpeg({ FFMPEG_PATH: path, PATH: "" }), found);
  assert.deepEqual(await findFfmpeg({ PATH: `${folder}:${join(path, "..")}` }), found);
  assert.equal(await findFfmpeg({ FFMPEG_PATH: "/dev/null", PATH: join(path, "..") }), undefined);
  assert.equal(await findFfmpeg({ PATH: folder }), undefined);
});
