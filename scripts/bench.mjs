// npm run bench -- NAME [ARGS]: runs test/bench/NAME.ts. Without a known NAME it lists the programs.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ensureBuilt,
  ensureFfmpeg,
  ensureIncumbent,
  ensureInstalled,
  ensureRedis,
  findChromium,
  root,
  SetupError,
} from "./ensure.mjs";

/** They play films that ffmpeg makes, and compare with P2P Media Loader unless they are told to measure `--only` others. */
const VIDEO_BENCHES = ["abandon", "live", "poison", "startup", "vod"];

const folder = join(root, "test/bench");
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.slice(0, -".ts".length))
      .sort()
  : [];

const [name, ...args] = process.argv.slice(2);
if (names.includes(name)) process.exitCode = bench();
else {
  if (name !== undefined) console.error(`There is no program test/bench/${name}.ts.`);
  console.log(`npm run bench -- NAME, where NAME is one of:\n${names.map(describe).join("\n")}`);
  process.exitCode = 2;
}

function bench() {
  try {
    ensureInstalled();
    ensureBuilt();
    process.env.CHROME_PATH ??= findChromium() ?? "";
    if (name === "signaling") {
      ensureRedis();
      ensureIncumbent();
    }
    if (name === "share" && mayRunCrowd()) ensureIncumbent();
    if (name === "whole-page") ensureFfmpeg();
    if (VIDEO_BENCHES.includes(name)) {
      ensureFfmpeg();
      const at = args.indexOf("--only");
      if (at < 0 || args[at + 1]?.split(",").includes("p2pml")) ensureIncumbent();
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  const options = ["--conditions=rivulet-source", "--import", "tsx"];
  const program = join(folder, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...options, program, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  return status ?? 1;
}

/** A crowd has WebTorrent beside it. A case is named by a word; with none of them named all run. */
function mayRunCrowd() {
  return args.includes("crowd") || !/^[a-z]/.test(args[0] ?? "");
}

function describe(file) {
  const comment = /^(?:\s*\/\*\*?\s*\*?|\s*\/\/)\s*(\S.*?)(?:\s*\*\/)?$/m.exec(
    readFileSync(join(folder, `${file}.ts`), "utf8"),
  );
  return `  ${file.padEnd(20)} ${comment?.[1] ?? ""}`.trimEnd();
}
