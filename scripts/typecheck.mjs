// The whole tree, then floors 0–3 alone without DOM or Node in sight.
import { spawnSync } from "node:child_process";
import { root } from "./ensure.mjs";

const statuses = ["tsconfig.json", "packages/sdk/tsconfig.pure.json"].map((project) => {
  const args = ["node_modules/typescript/bin/tsc", "-p", project];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status;
});
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
