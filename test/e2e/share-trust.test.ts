import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { certificatePrint } from "#sdk/client/share/certificates.ts";
import { isShareMessage } from "#sdk/protocol/share/share-message.ts";
import { DISGUISES, printLine } from "../share/support/disguised-prints.ts";
import { endSoon } from "../support/end-soon.ts";
import { launchFirefox } from "../support/firefox.ts";
import { startInterceptingServer } from "./support/intercepting-server.ts";
import { openShareStage, type ShareStage } from "./support/share-stage.ts";
import { problemsOf, progressOf, receiveOn, sendFrom, whole, wrongBytes } from "./support/share-visit.ts";
import { waitFor } from "./support/wait-for.ts";

const FILES = [{ path: "secret.bin", sizeBytes: 300_000, seed: 1 }];

after(endSoon);

describe("a share among people who do not trust the signaling server", () => {
  let stage: ShareStage;
  before(async () => {
    stage = await openShareStage();
  });
  after(() => stage?.close());

  it("a server that answers in the other's place gets no byte of it, and both sides say why", async () => {
    const server = await startInterceptingServer(stage.signalUrl);
    try {
      const [sender, receiver] = [await stage.open(), await stage.open()];
      const link = await sendFrom(sender, { signalUrl: server.url }, { files: FILES });
      await receiveOn(receiver, link, { signalUrl: server.url });
      const interception = "peer-untrusted: The connection was intercepted";
      await waitFor({
        look: () => Promise.all([sender, receiver].map(problemsOf)),
        wished: (told) => told.every(([first]) => first?.startsWith(interception)),
        seconds: 20,
        otherwise: "Not both sides said why",
      });
      // Both channels were open, each with a certificate of the server's.
      assert.ok(server.seen.length >= 4);
      for (const bytes of server.seen) {
        assert.ok(isShareMessage(bytes) && (bytes[0] as number) <= 0x82, `It saw a message ${bytes[0]}.`);
        assert.ok(bytes.byteLength <= 65);
      }
      const { state, doneBytes } = (await progressOf(receiver)) ?? {};
      assert.deepEqual([state, doneBytes], ["looking", 0]);
      assert.equal((await progressOf(sender))?.uploadedBytes, 0);
      await Promise.all([sender.close(), receiver.close()]);
    } finally {
      await server.close();
    }
  });

  it("who types the wrong password is told, and the right one lets in", async () => {
    const [sender, receiver] = [await stage.open(), await stage.open()];
    const link = await sendFrom(sender, stage, { files: FILES, password: "open sesame" });
    await assert.rejects(receiveOn(receiver, link, stage), /needs a password/);
    await receiveOn(receiver, link, { ...stage, password: "open sasame" });
    await waitFor({
      look: () => problemsOf(receiver),
      wished: ([first]) => first?.startsWith("password-wrong") === true,
      seconds: 20,
      otherwise: "Nothing was said of the password",
    });
    const another = await stage.open();
    await receiveOn(another, link, { ...stage, password: "open sesame" });
    await whole(another);
    assert.deepEqual(await wrongBytes(another, FILES), [0]);
    await Promise.all([sender, receiver, another].map((page) => page.close()));
  });

  it("what Chromium and Firefox take for an end's certificate is what the proof is bound to, or there is no proof", async (t) => {
    const firefox = await launchFirefox();
    try {
      const pages = {
        Chromium: await stage.open(),
        Firefox: await stage.open({ context: firefox.browser.defaultBrowserContext() }),
      };
      const taken: string[] = [];
      for (const [browser, { page }] of Object.entries(pages)) {
        const offer = await page.evaluate(async () => {
          const connection = new RTCPeerConnection();
          connection.createDataChannel("share");
          return (await connection.createOffer()).sdp ?? "";
        });
        assert.ok(certificatePrint({ type: "offer", sdp: offer }), `${browser}'s own description`);
        for (const [name, disguised] of Object.entries(DISGUISES)) {
          const sdp = `${offer.replace(/^a=fingerprint:.*$/gm, printLine("ab"))}${disguised("cd")}\r\n`;
          const seen = await page.evaluate(async (sdp) => {
            const connection = new RTCPeerConnection();
            try {
              await connection.setRemoteDescription({ type: "offer", sdp });
              return connection.remoteDescription?.sdp;
            } catch {
              return undefined;
            } finally {
              connection.close();
            }
          }, sdp);
          if (seen?.toUpperCase().includes(Array(32).fill("CD").join(":"))) taken.push(`${browser}: ${name}`);
          if (seen === undefined) continue;
          assert.equal(certificatePrint({ type: "offer", sdp }), undefined, `${browser}: ${name}`);
        }
      }
      t.diagnostic(`taken for a fingerprint: ${taken.join("; ")}`);
      assert.ok(taken.length > 0, "No browser takes any of them: this test proves nothing any more.");
      await Promise.all(Object.values(pages).map((each) => each.close()));
    } finally {
      await firefox.close();
    }
  });
});
