// `wtr`: the tests that need a real browser, test/browser/**/*.test.ts. The last line is `N passed, N failed`.
import { fileURLToPath } from "node:url";
import { esbuildPlugin } from "@web/dev-server-esbuild";
import { chromeLauncher, summaryReporter } from "@web/test-runner";
import { findChromium } from "./scripts/ensure.mjs";

const minute = 60_000;

export default {
  rootDir: fileURLToPath(new URL(".", import.meta.url)),
  files: ["test/browser/**/*.test.ts"],
  nodeResolve: { exportConditions: ["rivulet-source"] },
  plugins: [esbuildPlugin({ ts: true, target: "es2022" })],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findChromium(),
        args: [
          // Containers run as root, where Chromium's sandbox cannot.
          ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      },
    }),
  ],
  concurrency: 1,
  browserStartTimeout: minute,
  testsStartTimeout: minute,
  testsFinishTimeout: 5 * minute,
  testFramework: { config: { timeout: String(minute) } },
  reporters: [summaryReporter(), countReporter()],
};

/** Prints what scripts/test.mjs reads. A file that could not run at all has failed once. */
function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const totals = { passed: 0, failed: 0 };
      const count = (suite) => {
        for (const test of suite?.tests ?? []) if (!test.skipped) totals[test.passed ? "passed" : "failed"]++;
        for (const inner of suite?.suites ?? []) count(inner);
      };
      for (const session of sessions) {
        const before = totals.failed;
        count(session.testResults);
        if (!session.passed && totals.failed === before) totals.failed++;
      }
      console.log(`${totals.passed} passed, ${totals.failed} failed`);
    },
  };
}
