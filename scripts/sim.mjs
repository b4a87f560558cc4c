// npm run sim -- SCENARIO [--seed N] [--peers N] [--out DIR]: runs a scenario of test/sim/scenarios.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, root, SetupError } from "./ensure.mjs";

/** A world of 2,600 engines needs some gigabytes; Node's own limit may be lower. */
const HEAP_MEBIBYTES = 8192;

process.exitCode = await simulate();

async function simulate() {
  try {
    ensureInstalled();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  const options = ["--expose-gc", `--max-old-space-size=${HEAP_MEBIBYTES}`];
  const { status } = spawnSync(process.execPath, [...options, await bundle(), ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  return status ?? 1;
}

/** One file of plain JavaScript: what loaders do to each function, to keep its name, would cost half as much again. */
async function bundle() {
  const { build } = await import("esbuild");
  const outfile = join(root, "node_modules/.cache/rivulet/sim.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["test/sim/tool/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["rivulet-source"],
    external: ["cli-progress"],
    sourcemap: "inline",
    logLevel: "error",
  });
  return outfile;
}
