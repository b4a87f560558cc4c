// A reporter for node:test: failures in full, what the tests printed and measured, and a last line `N passed, N failed`.
import { relative } from "node:path";
import { inspect } from "node:util";

/** Node's own closing figures, which come as diagnostics too. */
const SUMMARY = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // A test that only holds others is announced after them and not counted.
  let deepest = [];
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type === "test:diagnostic" && !SUMMARY.test(data.message)) yield `ℹ ${data.message}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isParent = deepest[data.nesting + 1] === true;
    deepest = deepest.slice(0, data.nesting + 1);
    deepest[data.nesting] = true;
    // Node passes a file in which no test ran; a slip of the pen must not look like a success.
    const isEmptyFile = type === "test:pass" && data.name === data.file;
    const failure = isEmptyFile ? new Error("No test ran.") : data.details.error;
    if (failure && data.todo === undefined && failure.failureType !== "subtestsFailed") {
      counts.failed++;
      yield `✖ ${data.file ? relative(process.cwd(), data.file) : ""} › ${data.name}\n${explain(failure)}\n\n`;
    } else if (isParent || failure) continue;
    else if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
    else if (data.details.type !== "suite") counts.passed++;
  }
  const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
  yield `${counts.passed} passed, ${counts.failed} failed${skipped}\n`;
}

function explain(failure) {
  return inspect(failure.cause ?? failure, { depth: 8 }).replace(/^/gm, "    ");
}
