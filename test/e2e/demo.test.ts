import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs `npm start` with these arguments, as a person without a desktop would. */
async function start(...args: string[]): Promise<{ code: number | null; output: string }> {
  // Tests must not depend on an ffmpeg: the live channel repeats its recording.
  const env = { ...process.env, FFMPEG_PATH: "/dev/null" };
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], { cwd: root, env });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    output += data;
  });
  const [code] = await once(child, "close");
  return { code, output };
}

/** The copies in "The origin sent 21.8 MB (1.00 copies)". */
function copies(output: string): number {
  return Number(/\(([\d.]+) copies\)/.exec(output)?.[1]);
}

describe("npm start", () => {
  it("shows three viewers of the gallery: the second and third take it from the first", async (t) => {
    const { code, output } = await start("--viewers", "3", "--patience", "60");
    assert.equal(code, 0, output);
    t.diagnostic(output.trim().split("\n").slice(-2).join(" "));
    assert.ok(copies(output) <= 1.2, output);
  });

  it("shows two viewers of the video, whose segments hls.js loads through Rivulet", async (t) => {
    const { code, output } = await start("--viewers", "2", "--page", "video");
    assert.equal(code, 0, output);
    t.diagnostic(output.trim().split("\n").slice(-2).join(" "));
    assert.ok(copies(output) <= 1.2, output);
  });

  it("shows two viewers of the live channel, and says what it lacks without ffmpeg", async (t) => {
    const { code, output } = await start("--viewers", "2", "--page", "live");
    assert.equal(code, 0, output);
    t.diagnostic(output.trim().split("\n").slice(-2).join(" "));
    assert.match(output, /FFMPEG_PATH is "\/dev\/null".*no clock in its picture/);
    assert.match(output, /viewer 2 complete/);
    assert.ok(copies(output) >= 1, output);
  });

  it("names the option it does not know, and the nearest one it does", async () => {
    const { code, output } = await start("--viewer", "3");
    assert.equal(code, 2);
    assert.match(output, /--viewer\b.*--viewers/);
  });
});
