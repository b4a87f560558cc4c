// npm run sim -- SCENARIO [--seed N] [--peers N] [--out DIR]: runs a scenario of test/sim/scenarios.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, root, SetupError } from "./ensure.mjs";

/** A world of 2,600 engines needs some gigabytes; Node's own limit may be lower. */
const HEAP_MEBIBYTES = 6144;

process.exitCode = simulate();

function simulate() {
  try {
    ensureInstalled();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  const options = [
    "--conditions=rivulet-source",
    "--import=tsx",
    "--expose-gc",
    `--max-old-space-size=${HEAP_MEBIBYTES}`,
  ];
  const program = join(root, "test/sim/tool/main.ts");
  const { status } = spawnSync(process.execPath, [...options, program, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  return status ?? 1;
}
