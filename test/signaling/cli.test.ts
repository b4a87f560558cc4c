import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { contentNo, identity } from "./support/identities.ts";
import { TestClient } from "./support/test-client.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CLI = "packages/signaling/src/cli.ts";

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

function rivuletSignal(t: TestContext, ...args: string[]): Run {
  const node = ["--conditions=rivulet-source", "--import", "tsx", CLI, ...args];
  const child = spawn(process.execPath, node, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  return { child, output, ended: once(child, "close").then(([code, signal]) => code ?? signal) };
}

/** What was logged: each line's level and text. */
function linesOf({ output }: Run): [level: unknown, text: unknown][] {
  const lines = output.stderr.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { level, msg } = JSON.parse(line);
    return [level, msg];
  });
}

/** Waits for the line that says where it listens. */
async function listening({ child, output, ended }: Run): Promise<string> {
  for (;;) {
    const url = /listens on (ws:\S+)\n/.exec(output.stdout)?.[1];
    if (url !== undefined) return url;
    const gone = ended.then(() => assert.fail(`ended before it listened: ${output.stderr}`));
    if (child.stdout) await Promise.race([once(child.stdout, "data"), gone]);
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} tells every client, and the process exits with 0`, async (t) => {
    const run = rivuletSignal(t, "--port", "0", "--max-rooms-per-peer", "1", "--drain-ms", "50");
    const url = await listening(run);
    const client = await TestClient.greet(url, identity(1));
    await client.announce(contentNo(1));
    client.say({ type: "announce", content: contentNo(2), want: 1, complete: false });
    assert.equal((await client.next("error")).code, "too-many-rooms", "the flag did not arrive");
    run.child.kill(signal);
    assert.equal((await client.next("error")).code, "draining");
    assert.deepEqual(await client.closed, { code: 1001, reason: "draining" });
    assert.equal(await run.ended, 0);
    assert.deepEqual(linesOf(run), [
      ["info", "Listening."],
      ["info", "Draining."],
      ["info", "Stopped."],
    ]);
  });
}

test("clients leave over the time that is set, and a second signal sends the others away at once", async (t) => {
  const run = rivuletSignal(t, "--port", "0", "--drain-ms", "20000");
  const url = await listening(run);
  const [first, second] = [
    await TestClient.greet(url, identity(1)),
    await TestClient.greet(url, identity(2)),
  ];
  run.child.kill("SIGTERM");
  assert.equal((await first.next("error")).code, "draining");
  await first.closed;
  assert.equal((await second.announce(contentNo(1))).members, 1, "who stays is still served");
  run.child.kill("SIGTERM");
  assert.equal((await second.next("error")).code, "draining");
  assert.deepEqual(await second.closed, { code: 1001, reason: "draining" });
  assert.equal(await run.ended, 0);
});

test("a client that ignores the goodbye does not keep the process from exiting with 0", async (t) => {
  const run = rivuletSignal(t, "--port", "0", "--close-timeout-ms", "50", "--drain-ms", "0");
  const client = await TestClient.greet(await listening(run), identity(1));
  client.socket.pause();
  run.child.kill("SIGTERM");
  assert.equal(await run.ended, 0);
  client.socket.terminate();
});

test("a bad option is one line naming it, and exit code 2", async (t) => {
  const run = rivuletSignal(t, "--max-conections", "5");
  assert.equal(await run.ended, 2);
  const expected = "rivulet-signal: There is no option --max-conections; did you mean --max-connections?\n";
  assert.deepEqual(run.output, { stdout: "", stderr: expected });
});

test("a port that is taken is one line, and exit code 1", async (t) => {
  const first = rivuletSignal(t, "--port", "0");
  const port = new URL(await listening(first)).port;
  const run = rivuletSignal(t, "--port", port);
  assert.equal(await run.ended, 1);
  assert.match(
    run.output.stderr,
    new RegExp(`^rivulet-signal: Cannot listen on 127\\.0\\.0\\.1:${port}: .*\\n$`),
  );
});

test("--help and --version print and exit with 0", async (t) => {
  const [help, version] = [rivuletSignal(t, "--help"), rivuletSignal(t, "--version")];
  assert.deepEqual([await help.ended, await version.ended], [0, 0]);
  assert.match(help.output.stdout, /^Usage: rivulet-signal/);
  assert.match(version.output.stdout, /^\d+\.\d+\.\d+\n$/);
});
