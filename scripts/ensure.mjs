// What has to be there before anything runs. Plain JavaScript without packages: node_modules may be what is missing.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Something is missing that a person has to put right; the message says how. */
export class SetupError extends Error {}

/** Programs that npm does not bring. `names` are looked for on PATH, after the variable `env`. */
const PROGRAMS = {
  chromium: {
    env: "CHROME_PATH",
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    elsewhere: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    aptPackage: "chromium",
    versionFlag: "--version",
  },
  firefox: {
    env: "FIREFOX_PATH",
    names: ["firefox-esr", "firefox"],
    elsewhere: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    aptPackage: "firefox-esr",
    versionFlag: "--version",
  },
  ffmpeg: {
    env: "FFMPEG_PATH",
    names: ["ffmpeg"],
    elsewhere: [],
    aptPackage: "ffmpeg",
    versionFlag: "-version",
  },
  redis: {
    env: "REDIS_SERVER_PATH",
    names: ["redis-server"],
    elsewhere: [],
    aptPackage: "redis-server",
    versionFlag: "--version",
  },
  coturn: {
    env: "TURNSERVER_PATH",
    names: ["turnserver"],
    elsewhere: [],
    aptPackage: "coturn",
    versionFlag: "--version",
  },
  nginx: {
    env: "NGINX_PATH",
    names: ["nginx"],
    // Debian keeps it where only root looks.
    elsewhere: ["/usr/sbin/nginx"],
    aptPackage: "nginx",
    versionFlag: "-v",
  },
  openssl: {
    env: "OPENSSL_PATH",
    names: ["openssl"],
    elsewhere: [],
    aptPackage: "openssl",
    versionFlag: "version",
  },
};

/** Installs the packages of package-lock.json unless they are there already. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error("Installing packages (npm) …");
  const quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
  // `npm ci` starts by deleting node_modules, which would pull the rug from under a running server.
  const isFresh = !existsSync(join(root, "node_modules"));
  if (isFresh && attempt("npm", ["ci", ...quietly]).status === 0) return;
  // A lock file written where the registry has no builds for other platforms lacks those optional packages, and
  // `npm ci` refuses it; `npm install` takes the versions it does list. --no-save leaves the lock file alone.
  run("npm", ["install", "--no-save", ...quietly], {
    advice: "`npm install` failed; see its message above.",
  });
}

/** Contents are compared when the dates differ: a checkout renews the date of a lock file that says the same. */
function isInstalled() {
  const wanted = join(root, "package-lock.json");
  const present = join(root, "node_modules/.package-lock.json");
  if (!existsSync(present)) return false;
  if (statSync(present).mtimeMs >= statSync(wanted).mtimeMs) return true;
  const have = JSON.parse(readFileSync(present, "utf8")).packages;
  const want = JSON.parse(readFileSync(wanted, "utf8")).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) =>
      !path.startsWith("node_modules/") || optional || have[path]?.version === version,
  );
}

/** Installs what Rivulet is compared with, and must work with, into a folder of its own: few programs need it. */
export function ensureIncumbent() {
  const folder = join(root, "test/incumbents");
  const present = join(folder, "node_modules/.package-lock.json");
  const wanted = join(folder, "package-lock.json");
  if (existsSync(present) && statSync(present).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.error("Installing what Rivulet is compared with (npm) …");
  // No scripts: P2P Media Loader's refuses every package manager but its own. WebRTC for Node is an optional package.
  const args = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  run("npm", args, { advice: "`npm ci` in test/incumbents failed; see its message above." });
}

/** Builds unless what was built, packages and demo, is newer than all sources. */
export function ensureBuilt() {
  if (isBuilt()) return;
  console.error("Building …");
  run(process.execPath, ["scripts/build.mjs"], { advice: "The build failed; see its message above." });
}

function isBuilt() {
  const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  const outputs = [...packages.map((folder) => join(folder, "dist")), join(root, "demo/public/build")];
  const sources = [
    ...datesBelow(join(root, "demo/src")),
    ...datesBelow(join(root, "scripts")),
    ...packages.flatMap((folder) => [
      ...datesBelow(join(folder, "src")),
      dateOf(join(folder, "package.json")),
    ]),
    dateOf(join(root, "package-lock.json")),
  ];
  const newestSource = Math.max(...sources);
  return outputs.every((folder) => Math.max(0, ...datesBelow(folder)) > newestSource);
}

function datesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => dateOf(join(entry.parentPath ?? entry.path, entry.name)));
}

function dateOf(file) {
  return statSync(file).mtimeMs;
}

/** The Chromium to test with, or undefined. */
export function findChromium() {
  return findProgram("chromium");
}

/** Like findChromium, but installs it where that is possible; sets CHROME_PATH for the programs started from here. */
export function ensureChromium() {
  process.env.CHROME_PATH = ensureProgram("chromium");
  return process.env.CHROME_PATH;
}

/** Like ensureChromium, for the other browser that pages are tested in; sets FIREFOX_PATH. */
export function ensureFirefox() {
  process.env.FIREFOX_PATH = ensureProgram("firefox");
  return process.env.FIREFOX_PATH;
}

/** Like ensureChromium, for the program that encodes the benches' films; sets FFMPEG_PATH. */
export function ensureFfmpeg() {
  process.env.FFMPEG_PATH = ensureProgram("ffmpeg");
  return process.env.FFMPEG_PATH;
}

/** Like ensureChromium, for the bus that signaling servers share; sets REDIS_SERVER_PATH. */
export function ensureRedis() {
  process.env.REDIS_SERVER_PATH = ensureProgram("redis");
  return process.env.REDIS_SERVER_PATH;
}

/** Like ensureChromium, for the relay between browsers that cannot reach each other; sets TURNSERVER_PATH. */
export function ensureCoturn() {
  process.env.TURNSERVER_PATH = ensureProgram("coturn");
  return process.env.TURNSERVER_PATH;
}

/** Like ensureChromium, for the proxy that signaling servers stand behind; sets NGINX_PATH. */
export function ensureNginx() {
  process.env.NGINX_PATH = ensureProgram("nginx");
  return process.env.NGINX_PATH;
}

/** Like ensureChromium, for what makes the tests' certificates; sets OPENSSL_PATH. */
export function ensureOpenssl() {
  process.env.OPENSSL_PATH = ensureProgram("openssl");
  return process.env.OPENSSL_PATH;
}

function findProgram(name) {
  const { env, names, elsewhere, versionFlag } = PROGRAMS[name];
  const told = process.env[env];
  if (told) {
    if (isExecutable(told)) return told;
    throw new SetupError(`${env} is "${told}", which is not a program. Correct it or unset it.`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [...names.flatMap((file) => folders.map((folder) => join(folder, file))), ...elsewhere];
  return candidates.find((file) => isExecutable(file) && answers(file, versionFlag));
}

/** The lists of Debian's packages are fetched once, however many are missing. */
let hasPackageLists = false;

function ensureProgram(name) {
  const found = findProgram(name);
  if (found) return found;
  const { env, names, aptPackage } = PROGRAMS[name];
  const advice = `Install ${name} (Debian: apt-get install ${aptPackage}), or say where it is with ${env}=….`;
  const mayInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (!mayInstall) throw new SetupError(`None of ${names.join(", ")} is on PATH. ${advice}`);
  console.error(`Installing ${aptPackage} (apt-get) …`);
  const aptEnv = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (!hasPackageLists) run("apt-get", ["update", "-qq"], { env: aptEnv, advice });
  hasPackageLists = true;
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", aptPackage], { env: aptEnv, advice });
  const installed = findProgram(name);
  if (!installed) throw new SetupError(`${aptPackage} was installed but does not run. ${advice}`);
  return installed;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Ubuntu's chromium-browser is a script that only says to install a snap. */
function answers(file, versionFlag) {
  return spawnSync(file, [versionFlag], { timeout: 20_000, stdio: "ignore" }).status === 0;
}

/** Runs a program quietly; its whole output is shown when it fails. */
function run(command, args, { advice, env = process.env }) {
  const { status, error, stdout, stderr } = attempt(command, args, env);
  if (status === 0) return;
  console.error(`${stdout ?? ""}${stderr ?? ""}${error ? `${error.message}\n` : ""}`);
  throw new SetupError(advice);
}

function attempt(command, args, env = process.env) {
  return spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
