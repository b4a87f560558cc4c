import assert from "node:assert/strict";
import { createHash, randomFillSync } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { plant, startCli } from "../cli/run-cli.ts";
import { startTestOrigin } from "../support/test-origin.ts";
import { waitFor } from "./support/wait-for.ts";

const FILM_BYTES = 160 * MIB;
const UNDER_WAY_BYTES = 4 * MIB;

describe("files sent from one command line to another", { timeout: 240_000 }, () => {
  let server: SignalingServer;
  before(async () => {
    server = await startSignalingServer({ port: 0, logLevel: "warn" });
  });
  after(() => server?.close());

  const signal = () => ["--signal", server.url];

  async function send(context: TestContext, ...args: string[]) {
    const sender = startCli(context, ["send", ...args, ...signal()]);
    const [, link = ""] = await sender.said(/^rivulet get (\S+) --signal /m);
    return { sender, link };
  }

  const sentBytes = (stderr: string) => Number(/Ended: ([\d.]+) MiB sent/.exec(stderr)?.[1]) * MIB;

  it("arrive with their folder, their dates and nothing else, and the sender ends when it is told", async (context) => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`trip/day ${i % 7}/${i}.txt`, `file ${i}`]),
    );
    const from = plant(context, { ...files, "trip/empty": "", "trip/.hidden": "no" });
    const to = plant(context);
    const { sender, link } = await send(context, join(from, "trip"));
    await sender.said(/Left out 1 name\(s\) that start with a dot/);
    const { status, stdout, stderr } = await startCli(context, ["get", link, "--out", to, ...signal()]).ended;
    assert.equal(status, 0, stderr);
    assert.match(stderr, /301 file\(s\), .* all right/);
    for (const [name, content] of Object.entries(files))
      assert.equal(readFileSync(join(to, name), "utf8"), content);
    assert.equal(stdout.trimEnd().split("\n").length, 301);
    assert.equal(statSync(join(to, "trip/empty")).size, 0);
    assert.deepEqual(readdirSync(to), ["trip"]);
    const name = "trip/day 1/1.txt";
    const [there, here] = [to, from].map((folder) => statSync(join(folder, name)).mtimeMs);
    assert.ok(Math.abs(Number(there) - Number(here)) < 2);
    const ended = await sender.stop("SIGINT");
    assert.equal(ended.status, 0, ended.stderr);
    assert.match(ended.stderr, /Ended: /);
  });

  it("--once ends the sender when a receiver has everything", async (context) => {
    const from = plant(context, { "a.txt": "hello" });
    const { sender, link } = await send(context, join(from, "a.txt"), "--once");
    const to = plant(context);
    assert.equal((await startCli(context, ["get", link, "--out", to, ...signal()]).ended).status, 0);
    assert.equal((await sender.ended).status, 0);
    assert.equal(readFileSync(join(to, "a.txt"), "utf8"), "hello");
  });

  it("go on after a receiver was killed half way, and hardly anything comes twice", async (context) => {
    const from = plant(context);
    const film = randomFillSync(new Uint8Array(FILM_BYTES));
    writeFileSync(join(from, "film.mp4"), film);
    const to = plant(context);
    const { sender, link } = await send(context, join(from, "film.mp4"), "--upload-rate", String(40 * MIB));
    const get = ["get", link, "--out", to, ...signal()];
    const killed = startCli(context, get);
    const part = join(to, "film.mp4.part");
    await until(
      "half of the film is there",
      () => existsSync(part) && statSync(part).blocks * 512 >= FILM_BYTES / 2,
    );
    assert.equal((await killed.stop("SIGKILL")).status, null);
    const there = statSync(part).blocks * 512;
    const second = await startCli(context, get).ended;
    assert.equal(second.status, 0, second.stderr);
    assert.equal(hash(readFileSync(join(to, "film.mp4"))), hash(film));
    assert.deepEqual(readdirSync(to), ["film.mp4"]);
    const { stderr } = await sender.stop("SIGINT");
    // Of what the sender sent, some was under way when the receiver was killed: 64 chunks.
    const twice = (sentBytes(stderr) - UNDER_WAY_BYTES) / FILM_BYTES - 1;
    context.diagnostic(
      `killed at ${Math.round((there / FILM_BYTES) * 100)} %; sent twice: ${(twice * 100).toFixed(2)} %`,
    );
    assert.ok(twice <= 0.01, stderr);
  });

  it("a receiver that is told to end says how to go on, and keeps what it has", async (context) => {
    const from = plant(context);
    writeFileSync(join(from, "film.mp4"), randomFillSync(new Uint8Array(40 * MIB)));
    const { link } = await send(context, join(from, "film.mp4"), "--upload-rate", String(8 * MIB));
    const to = plant(context);
    const receiver = startCli(context, ["get", link, "--out", to, ...signal()]);
    await until("something is there", () => existsSync(join(to, "film.mp4.part")));
    const { status, stderr } = await receiver.stop("SIGINT");
    assert.equal(status, 1);
    assert.match(stderr, /Stopped\. .* are there\. The same command goes on from here\./);
    assert.ok(existsSync(join(to, "film.mp4.part")));
    assert.ok(!readdirSync(to).some((name) => name.endsWith(".lock")));
  });

  it("need the password that they were sent with", async (context) => {
    const from = plant(context, { "a.txt": "secret" });
    const { link } = await send(context, join(from, "a.txt"), "--password", "correct horse");
    const to = plant(context);
    const get = ["get", link, "--out", to, ...signal()];
    const without = await startCli(context, get).ended;
    assert.equal(without.status, 1);
    assert.match(without.stderr, /needs a password/);
    const wrong = await startCli(context, [...get, "--password", "battery staple"]).ended;
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /password/i);
    const right = await startCli(context, get, { RIVULET_PASSWORD: "correct horse" }).ended;
    assert.equal(right.status, 0, right.stderr);
    assert.equal(readFileSync(join(to, "a.txt"), "utf8"), "secret");
  });

  it("that change meanwhile are not sent any more, and the sender is told which", async (context) => {
    const from = plant(context, { "a.txt": "hello" });
    const { sender, link } = await send(context, join(from, "a.txt"));
    await sender.said(/All of it is hashed/);
    appendFileSync(join(from, "a.txt"), " world");
    startCli(context, ["get", link, "--out", plant(context), ...signal()]);
    await sender.said(/"a\.txt" was changed since it was shared/);
  });

  it("a whole link is enough: its page says where the signaling server is", async (context) => {
    const origin = await startTestOrigin({
      files: new Map([
        ["/share/share.json", new TextEncoder().encode(JSON.stringify({ signal: server.url }))],
      ]),
    });
    context.after(() => origin.close());
    const from = plant(context, { "a.txt": "hello" });
    const sender = startCli(context, [
      "send",
      join(from, "a.txt"),
      "--page",
      `${origin.url}/share/page.html`,
    ]);
    const [link] = await sender.said(/^http\S+#\S{44}$/m);
    const to = plant(context);
    const { status, stderr } = await startCli(context, ["get", link, "--out", to]).ended;
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(to, "a.txt"), "utf8"), "hello");
  });

  it("a receiver with --seed gives them to others when the sender is gone", async (context) => {
    const from = plant(context, { "a.txt": "hello" });
    const { sender, link } = await send(context, join(from, "a.txt"));
    const seeder = startCli(context, ["get", link, "--out", plant(context), "--seed", ...signal()]);
    await seeder.said(/Giving it to others/);
    await sender.stop("SIGTERM");
    const to = plant(context);
    const { status, stderr } = await startCli(context, ["get", link, "--out", to, ...signal()]).ended;
    assert.equal(status, 0, stderr);
    assert.equal((await seeder.stop("SIGINT")).status, 0);
  });
});

async function until(what: string, look: () => boolean): Promise<void> {
  const wished = (seen: boolean) => seen;
  await waitFor({ look: async () => look(), wished, seconds: 60, otherwise: `Not true that ${what}` });
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
