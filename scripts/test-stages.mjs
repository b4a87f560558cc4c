// What `npm test` consists of, in order.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  ensureChromium,
  ensureCoturn,
  ensureFirefox,
  ensureIncumbent,
  ensureNginx,
  ensureOpenssl,
  ensureRedis,
  root,
} from "./ensure.mjs";

const minute = 60_000;
/** Run through Node, not from node_modules/.bin: not every package marks its command as executable. */
const packageCommand = (path) => [process.execPath, join(root, "node_modules", path)];

/** The end-to-end tests that leave the processor to others most of the time. */
const WAITING =
  /^test\/e2e\/(dash|demo|firefox|hls|introductions|manifest|origin-trouble|policies|script-tag|seed|shaka|share|tabs|turn|webtorrent|without-rivulet|worker)/;

/**
 * `counts`: it prints `N passed, N failed` itself; otherwise it counts as one.
 * `command(pattern)`: what to run, or undefined when the pattern matches none of its files.
 */
export const STAGES = [
  { name: "build", counts: false, command: () => [process.execPath, "scripts/build.mjs"] },
  {
    name: "lint",
    counts: false,
    command: () => [...packageCommand("@biomejs/biome/bin/biome"), "check", "--colors=off", "."],
  },
  { name: "typecheck", counts: false, command: () => [process.execPath, "scripts/typecheck.mjs"] },
  {
    name: "unit",
    counts: true,
    // Some of these drive another program too, those whose subject ends in one: a browser, a bus, a proxy.
    prepare: () => {
      ensureChromium();
      ensureRedis();
      ensureNginx();
      ensureOpenssl();
    },
    command: (pattern) => {
      const files = testFiles(pattern).filter((file) => !/^test\/(browser|e2e)\//.test(file));
      return nodeTest(longestFirst(files), 1 + availableParallelism());
    },
  },
  {
    name: "browser",
    counts: true,
    prepare: ensureChromium,
    command: (pattern) => {
      const files = testFiles(pattern).filter((file) => file.startsWith("test/browser/"));
      if (pattern !== undefined && files.length === 0) return undefined;
      const only = pattern === undefined ? [] : ["--files", ...files];
      return [
        ...packageCommand("@web/test-runner/dist/bin.js"),
        "--config",
        "web-test-runner.config.mjs",
        ...only,
      ];
    },
  },
  {
    name: "e2e",
    counts: true,
    prepare: ensureChromium,
    command: (pattern) =>
      nodeTest(
        testFiles(pattern).filter((file) => file.startsWith("test/e2e/") && !WAITING.test(file)),
        1,
      ),
  },
  {
    // These mostly wait, for players that play or for others' clients: two at once take half as long.
    name: "players",
    counts: true,
    // Some have others' clients as guests, one a relay between its pages, and some a page in another browser.
    prepare: () => {
      ensureChromium();
      ensureFirefox();
      ensureCoturn();
      ensureIncumbent();
    },
    command: (pattern) =>
      nodeTest(
        testFiles(pattern).filter((file) => WAITING.test(file)),
        2,
      ),
  },
].map((stage) => ({ timeoutMs: 15 * minute, ...stage }));

function nodeTest(files, concurrency) {
  if (files.length === 0) return undefined;
  return [
    process.execPath,
    "--conditions=rivulet-source",
    "--import=tsx",
    "--test",
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${5 * minute}`,
    "--test-reporter=./scripts/test-reporter.mjs",
    "--test-reporter-destination=stdout",
    ...files,
  ];
}

/** Simulated worlds take the longest: begun last, they would leave all cores but one idle. */
function longestFirst(files) {
  const isLong = (file) => file.startsWith("test/sim/");
  return [...files.filter(isLong), ...files.filter((file) => !isLong(file))];
}

/** Files below test/ whose path contains the pattern. Expanded here: Node 20 takes no globs. */
function testFiles(pattern = "") {
  if (!existsSync(join(root, "test"))) return [];
  return readdirSync(join(root, "test"), { recursive: true })
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts") && file.includes(pattern))
    .sort();
}
