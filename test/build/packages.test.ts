import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { buildSdkPackage, buildSignalingPackage } from "../../scripts/build.mjs";
import { ROOT } from "../../scripts/esbuild-slim.mjs";

/*
 * Uses the two packages as somebody would who installed them from the registry: only what `files` names is there, no
 * source, no condition `rivulet-source`.
 */

const run = promisify(execFile);
let home: string;

/** What the two packages and the consumer need of others. */
const SERVER_PARTS = ["ws", "jose", "pino", "prom-client", "redis"];
const USED = [...SERVER_PARTS, "hls.js", "cli-progress", "@types/node"];

before(async () => {
  home = await mkdtemp(join(tmpdir(), "rivulet-consumer-"));
  const [sdk, signaling] = [packageFolder("sdk"), packageFolder("signaling")];
  const results = [
    await buildSdkPackage(join(sdk, "dist")),
    await buildSignalingPackage(join(signaling, "dist"), join(sdk, "dist")),
  ];
  assert.deepEqual(
    results.flatMap(({ errors }) => errors),
    [],
  );
  for (const name of ["sdk", "signaling"]) {
    await cp(join(ROOT, "packages", name, "package.json"), join(packageFolder(name), "package.json"));
  }
  await mkdir(join(home, "node_modules/@types"));
  for (const name of USED) {
    await symlink(join(ROOT, "node_modules", name), join(home, "node_modules", name));
  }
  await writeFile(join(home, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(home, "consumer.ts"), CONSUMER);
});

after(() => rm(home, { recursive: true }));

const CONSUMER = `
  import { Rivulet } from "@rivulet/sdk";
  import { rivuletHls } from "@rivulet/sdk/hls";
  import { parsePeerId, RivuletError, type PeerId } from "@rivulet/sdk/protocol";
  import { formatManifest, type Resource } from "@rivulet/sdk/content";
  import { startSignalingServer } from "@rivulet/signaling";

  export const text: (resources: readonly Resource[]) => string = (resources) =>
    formatManifest({ base: undefined, resources });
  export const peer: PeerId = parsePeerId("00".repeat(16));
  export const code: RivuletError["code"] = "bad-option";
  export const things = [Rivulet, rivuletHls];
  export const port: Promise<number> = startSignalingServer({ port: 0 }).then((server) => server.port);
  // The declarations say what they mean, rather than \`any\`.
  // @ts-expect-error
  export const wrongPeer: PeerId = 7;
  // @ts-expect-error
  startSignalingServer({ port: "0" });
  // @ts-expect-error
  new Rivulet({ signal: 7 });
`;

for (const [moduleResolution, module] of [
  ["bundler", "esnext"],
  ["nodenext", "nodenext"],
]) {
  test(`a TypeScript user with moduleResolution ${moduleResolution} gets the types`, async () => {
    const flags = { moduleResolution, module, target: "es2022", lib: "es2022,dom", types: "node" };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const command = [compiler, "--strict", "--noEmit", ...args, "consumer.ts"];
    await run(process.execPath, command, { cwd: home }).catch(({ stdout }) => assert.fail(stdout));
  });
}

test("the declarations name no TypeScript source", async () => {
  for (const name of ["sdk", "signaling"]) {
    const folder = join(packageFolder(name), "dist/types");
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith(".d.ts")) continue;
      assert.doesNotMatch(await readFile(join(folder, file), "utf8"), /(from|import\() ?"[^"]+\.ts"/, file);
    }
  }
});

test("the modules share one error class, and the server starts", async () => {
  const program = `
    import * as sdk from "@rivulet/sdk";
    import { RivuletError } from "@rivulet/sdk/protocol";
    import { startSignalingServer } from "@rivulet/signaling";
    const wrong = new sdk.Rivulet({ signl: "" });
    await wrong.ready.catch((error) => console.log(error instanceof RivuletError, error.code));
    try { await startSignalingServer({ prt: 1 }); } catch (error) { console.log(error instanceof RivuletError); }
    const server = await startSignalingServer({ port: 0 });
    await server.close();
    console.log("closed");`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: home });
  assert.equal(stdout, "true bad-option\ntrue\nclosed\n");
});

test("the SDK's modules and its script need nothing that is not in them", async () => {
  const dist = join(packageFolder("sdk"), "dist");
  for (const file of await readdir(dist, { recursive: true })) {
    if (!file.endsWith(".js") || file === "cli.js" || file.startsWith("node-chunks")) continue;
    assert.doesNotMatch(await readFile(join(dist, file), "utf8"), /^import .*from "[^.]/m, file);
  }
});

test("the commands can be run as they are", async () => {
  for (const command of ["sdk/dist/cli.js", "signaling/dist/cli.js"]) {
    const file = join(home, "node_modules/@rivulet", command);
    assert.ok((await stat(file)).mode & 0o100, `${command} is not executable.`);
    const { stdout } = await run(file, ["--help"], { cwd: home });
    assert.match(stdout, /rivulet/);
  }
});

function packageFolder(name: string): string {
  return join(home, "node_modules/@rivulet", name);
}
