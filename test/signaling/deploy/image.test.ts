import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);
const DEPLOY = new URL("packages/signaling/deploy/", ROOT);
const read = (name: string) => readFileSync(new URL(name, DEPLOY), "utf8");
/** The instructions of the Dockerfile, each on one line. */
const dockerfile = read("Dockerfile")
  .replace(/\\\n\s*/g, " ")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const instructions = (name: string) =>
  dockerfile.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
const bin = (() => {
  const manifest = JSON.parse(readFileSync(new URL("packages/signaling/package.json", ROOT), "utf8"));
  return manifest.bin["rivulet-signal"].replace(/^\.\//, "");
})();

test("everything that the image copies is there, and not held back from its builder", () => {
  const ignored = read("Dockerfile.dockerignore").split("\n");
  const copies = instructions("COPY").filter((line) => !line.startsWith("--from"));
  assert.ok(copies.length >= 5);
  for (const path of copies.flatMap((line) => line.split(" ").slice(0, -1))) {
    assert.ok(existsSync(new URL(path, ROOT)), path);
    const isLetThrough = ignored.some((line) => line === `!${path}` || path.startsWith(`${line.slice(1)}/`));
    assert.ok(isLetThrough, `${path} is ignored`);
  }
});

test("what a stage copies from another is made there, or comes from the repository", () => {
  const made = ["node_modules", "packages/sdk/dist", "packages/signaling/dist"];
  for (const line of instructions("COPY").filter((each) => each.startsWith("--from"))) {
    const path = line.split(" ")[1]?.replace("/src/", "") ?? "";
    assert.ok(made.includes(path) || existsSync(new URL(path, ROOT)), path);
  }
});

test("the image starts the package's own command, as nobody in particular, and asks it for its health", () => {
  assert.deepEqual(instructions("ENTRYPOINT"), [`["node", "/app/packages/signaling/${bin}"]`]);
  assert.deepEqual(instructions("USER"), ["node"]);
  assert.deepEqual(instructions("STOPSIGNAL"), ["SIGTERM"]);
  assert.match(instructions("HEALTHCHECK")[0] ?? "", /CMD \["node", "\/app\/healthcheck\.mjs"\]$/);
  for (const image of instructions("FROM")) assert.match(image, /^(node:20-slim|manifests)( AS \w+)?$/);
});

test("systemd starts the package's own command", () => {
  const command = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(read("rivulet-signal.service"))?.[1];
  assert.equal(command, "rivulet-signal");
});

test("the health check passes for 200 alone", async () => {
  let status = 200;
  const server = createServer((request, response) => {
    assert.equal(request.url, "/healthz");
    response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const check = () => exitCode(address.port);
  assert.equal(await check(), 0);
  status = 503;
  assert.equal(await check(), 1);
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  assert.equal(await check(), 1);
});

async function exitCode(port: number): Promise<number | null> {
  const env = { ...process.env, RIVULET_SIGNAL_PORT: String(port) };
  const child = spawn(process.execPath, [fileURLToPath(new URL("healthcheck.mjs", DEPLOY))], {
    env,
    stdio: "ignore",
  });
  const [code] = await once(child, "close");
  return code;
}

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

test("systemd finds no fault with the unit", { skip: !analyze }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-unit-"));
  const path = join(folder, "rivulet-signal.service");
  // The command is not installed here.
  await writeFile(
    path,
    read("rivulet-signal.service").replace("/usr/local/bin/rivulet-signal", process.execPath),
  );
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
  await rm(folder, { recursive: true });
  assert.deepEqual(
    { status, complaints: stderr.split("\n").filter((line) => line.includes(path)) },
    { status: 0, complaints: [] },
  );
});
