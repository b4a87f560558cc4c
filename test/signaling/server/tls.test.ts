import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect, type PeerCertificate } from "node:tls";
import { RivuletError } from "@rivulet/sdk/protocol";
import { startSignalingServer } from "#signaling/index.ts";
import { contentNo, identity } from "../support/identities.ts";
import { keptLog, runningServer } from "../support/running-server.ts";
import { TestClient } from "../support/test-client.ts";

let folder: string;
const path = (name: string) => join(folder, name);
const pair = (name: string) => ({ tlsCert: path(`${name}.pem`), tlsKey: path(`${name}.key`) });

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rivulet-tls-"));
  for (const name of ["old", "new"]) {
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", path(`${name}.key`), "-out", path(`${name}.pem`)];
    const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", ...made, ...files, ...subject], { stdio: "ignore" });
  }
});

after(() => rmSync(folder, { recursive: true }));

/** The name in the certificate that the server shows. */
function shownName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      const certificate: PeerCertificate = socket.getPeerCertificate();
      resolve(String(certificate.subject.CN));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

const isBadOption = (error: unknown) => error instanceof RivuletError && error.code === "bad-option";

test("with a certificate the server speaks TLS itself, frames of every size arrive, and a new one is read on demand", async (t) => {
  const inUse = pair("used");
  const use = (name: string) => {
    copyFileSync(pair(name).tlsCert, inUse.tlsCert);
    copyFileSync(pair(name).tlsKey, inUse.tlsKey);
  };
  use("old");
  const { lines, logger } = keptLog();
  const server = await runningServer(t, inUse, { logger });
  assert.match(server.url, /^wss:\/\/127\.0\.0\.1:\d+$/);
  const client = await TestClient.connect(server.url, { rejectUnauthorized: false });
  client.say({ type: "hello", version: 1, ...identity(1) });
  await client.next("welcome");
  const other = await TestClient.connect(server.url, { rejectUnauthorized: false });
  other.say({ type: "hello", version: 1, ...identity(2) });
  await other.next("welcome");
  await client.announce(contentNo(1));
  await other.announce(contentNo(1));
  const signal = { sdp: "é".repeat(20_000) };
  const dial = "d1".repeat(8);
  client.socket.send(
    JSON.stringify({ type: "introduce", to: identity(2).peer, content: contentNo(1), dial, signal }),
  );
  assert.deepEqual((await other.next("introduce")).signal, signal);

  assert.equal(await shownName(server.port), "old");
  use("new");
  assert.equal(await shownName(server.port), "old");
  server.reloadCertificate();
  assert.equal(await shownName(server.port), "new");
  await client.announce(contentNo(1));

  writeFileSync(inUse.tlsCert, "half a certificate");
  assert.deepEqual(lines, []);
  server.reloadCertificate();
  assert.equal(await shownName(server.port), "new", "a mistake in a file ended the service");
  assert.match(
    lines.join(),
    /^The certificate could not be read again; the one before stays\. [^,]+used\.pem/,
  );
});

test("files that are not there, are none, or do not go together are refused at start", async () => {
  const { tlsCert, tlsKey } = pair("old");
  writeFileSync(path("none.pem"), "nothing");
  for (const files of [
    { tlsCert: path("missing.pem"), tlsKey },
    { tlsCert, tlsKey: path("none.pem") },
    { tlsCert, tlsKey: pair("new").tlsKey },
  ])
    await assert.rejects(startSignalingServer({ port: 0, ...files }), isBadOption);
});
