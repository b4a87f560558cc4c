// npm test [-- [--only STAGE] [--verbose] [PATTERN]]: everything that has to hold. The last line is `N passed, N failed`.
import { ensureInstalled, SetupError } from "./ensure.mjs";
import { endAll, runChild } from "./test-child.mjs";
import { STAGES } from "./test-stages.mjs";

const totals = { passed: 0, failed: 0 };
let isInterrupted = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, async () => {
    isInterrupted = true;
    await endAll();
    totals.failed++;
    finish(`\nInterrupted by ${signal}.`, signal === "SIGINT" ? 130 : 143);
  });
}

let request;
try {
  request = readArguments(process.argv.slice(2));
  ensureInstalled();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  totals.failed++;
  finish(error.message, 1);
}

let ran = 0;
for (const stage of STAGES) {
  if (request.only.length > 0 && !request.only.includes(stage.name)) continue;
  // With a pattern only the tests it names are of interest.
  if (request.pattern !== undefined && !stage.counts && request.only.length === 0) continue;
  if (await runStage(stage)) ran++;
  // The handler above ends the program once everything is cleared away.
  if (isInterrupted) await new Promise(() => {});
}
if (ran === 0) {
  totals.failed++;
  finish(`No test file's path contains "${request.pattern}".`, 1);
}
finish("", totals.failed === 0 ? 0 : 1);

/** @returns whether there was anything to run */
async function runStage(stage) {
  const startedAt = performance.now();
  const command = stage.command(request.pattern);
  if (command === undefined && request.pattern !== undefined) return false;
  process.stdout.write(`${stage.name.padEnd(10)} `);
  if (request.verbose) process.stdout.write("\n");
  const { status, output } = await runPrepared(stage, command);
  const { passed, failed, note } = countsOf(stage, status, output);
  totals.passed += passed;
  totals.failed += failed;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(7);
  console.log(`${failed === 0 ? "ok    " : "FAILED"} ${seconds} s  ${note}`);
  if (request.verbose) return true;
  if (failed > 0) console.log(`\n${output.trimEnd()}\n`);
  // What the tests measured is worth seeing when they pass.
  else for (const [figure] of output.matchAll(/^ℹ .*$/gm)) console.log(`  ${figure}`);
  return true;
}

async function runPrepared(stage, command) {
  if (command === undefined) return { status: 1, output: "There are no test files for this stage." };
  try {
    stage.prepare?.();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { status: 1, output: error.message };
  }
  const [program, ...args] = command;
  return runChild({
    command: program,
    args,
    timeoutMs: stage.timeoutMs,
    onOutput: request.verbose ? (text) => process.stdout.write(text) : undefined,
  });
}

/** A stage that ended badly, or tested nothing, has failed whatever it printed. */
function countsOf(stage, status, output) {
  if (!stage.counts) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, note: "" };
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm)].at(-1);
  const passed = Number(line?.[1] ?? 0);
  const failed = Number(line?.[2] ?? 0);
  const isBad = status !== 0 || passed + failed === 0;
  return {
    passed,
    failed: isBad ? Math.max(1, failed) : failed,
    note: line?.[0].trim() ?? "printed no `N passed, N failed`",
  };
}

function readArguments(args) {
  const found = { only: [], pattern: undefined, verbose: false };
  const names = STAGES.map((stage) => stage.name);
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--verbose") found.verbose = true;
    else if (args[i] === "--only") {
      const name = args[++i];
      if (!names.includes(name)) throw new SetupError(`--only takes one of: ${names.join(", ")}.`);
      found.only.push(name);
    } else if (args[i].startsWith("-")) {
      throw new SetupError(`There is no option ${args[i]}; there are --only STAGE and --verbose.`);
    } else found.pattern = args[i];
  }
  return found;
}

function finish(message, code) {
  if (message) console.log(message);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exit(code);
}
