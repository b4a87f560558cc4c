import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A 2 × 2 PNG. The tests need a picture that decodes, not one that is listed. */
function tinyPng(): Uint8Array {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const crc = body.reduce((sum, byte) => (crcTable[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8), 0xffffffff);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.byteLength);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
    return Buffer.concat([head, body, tail]);
  };
  const header = Uint8Array.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
  const rows = deflateSync(Uint8Array.from([0, 0, 255, 0, 255, 0]));
  const signature = [137, 80, 78, 71, 13, 10, 26, 10];
  return Buffer.concat([
    Uint8Array.from(signature),
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** Whether the marked picture is shown, and where its bytes came from. */
function picture(viewer: Viewer): Promise<{ width: number; state: string | undefined; src: string }> {
  return viewer.page.evaluate(async () => {
    const img = document.querySelector("img");
    for (let turn = 0; turn < 400 && (img?.naturalWidth ?? 0) === 0; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return { width: img?.naturalWidth ?? 0, state: img?.dataset.rivuletState, src: img?.src ?? "" };
  });
}

describe("the script tag", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({
      sizes: { "a.bin": 300_000, "b.bin": 200_000 },
      files: { "listed.png": tinyPng() },
    });
    stage.origin.files.set("/picture.png", tinyPng());
    stage.origin.faults.set("/silent.json", { silent: true });
  });
  after(() => stage.close());

  function tag(attributes: string, body: string): string {
    return `<!doctype html><title>tag</title><script src="/sdk/rivulet.js" ${attributes} async></script>${body}`;
  }

  const good = () => `data-signal="${stage.signalUrl}" data-manifest="/rivulet.json"`;

  it("alone serves a marked picture that the manifest lists", async () => {
    stage.origin.files.set(
      "/tag.html",
      encode(tag(good(), '<img data-rivulet="/assets/listed.png" alt="">')),
    );
    const shown = await picture(await stage.open("/tag.html"));
    assert.equal(shown.width, 2);
    assert.equal(shown.state, "done");
    assert.ok(shown.src.startsWith("blob:"));
  });

  it("leaves a marked picture that no manifest lists to the browser", async () => {
    stage.origin.files.set("/tag.html", encode(tag(good(), '<img data-rivulet="/picture.png" alt="">')));
    const shown = await picture(await stage.open("/tag.html"));
    assert.equal(shown.width, 2);
    assert.equal(shown.state, "origin");
    assert.ok(shown.src.endsWith("/picture.png"));
  });

  it("saves a marked link's file when it is clicked, with the right bytes", async () => {
    const link = '<a data-rivulet href="/assets/a.bin" download="a.bin">model</a>';
    stage.origin.files.set("/link.html", encode(tag(good(), link)));
    const viewer = await stage.open("/link.html");
    const saved = await viewer.page.evaluate(async () => {
      const result = new Promise<{ name: string; bytes: number }>((resolve) => {
        const { click } = HTMLAnchorElement.prototype;
        HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
          if (!this.href.startsWith("blob:")) return click.call(this);
          void fetch(this.href).then(async (response) => {
            resolve({ name: this.download, bytes: (await response.arrayBuffer()).byteLength });
          });
        };
      });
      while (!Reflect.get(window, "Rivulet")?.current)
        await new Promise((resolve) => setTimeout(resolve, 20));
      document
        .querySelector("a")
        ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      return result;
    });
    assert.deepEqual(saved, { name: "a.bin", bytes: 300_000 });
  });

  const broken: readonly (readonly [string, () => string, RegExp])[] = [
    [
      "an attribute that is mistyped",
      () => `data-singal="${stage.signalUrl}" data-manifest="/rivulet.json"`,
      /bad-option.*data-singal.*data-signal/,
    ],
    ["no manifest", () => `data-signal="${stage.signalUrl}"`, /bad-option.*`manifest`/],
    [
      "a signal URL that is none",
      () => 'data-signal="http://:x" data-manifest="/rivulet.json"',
      /bad-option.*`signal`/,
    ],
    [
      "a signal URL of the wrong kind",
      () => 'data-signal="https://a.example" data-manifest="/rivulet.json"',
      /bad-option.*`signal`.*wss:/,
    ],
    [
      "a manifest that is not there",
      () => `data-signal="${stage.signalUrl}" data-manifest="/nowhere.json"`,
      /manifest-unreachable.*404.*`manifest`/,
    ],
    [
      "a manifest that never answers",
      () => `data-signal="${stage.signalUrl}" data-manifest="/silent.json"`,
      /manifest-unreachable.*silent/,
    ],
    [
      "a manifest that is malformed",
      () => `data-signal="${stage.signalUrl}" data-manifest="/bad.json"`,
      /manifest-malformed.*rivulet manifest/,
    ],
  ];
  for (const [what, attributes, said] of broken) {
    it(`with ${what} says so once, and the page loads from the origin`, async () => {
      stage.origin.files.set("/bad.json", encode('{"rivulet":1,"resources":[{"path":"../x"}]}'));
      stage.origin.files.set(
        "/broken.html",
        encode(tag(attributes(), '<img data-rivulet="/picture.png" alt="">')),
      );
      const viewer = await stage.open("/broken.html");
      assert.equal((await picture(viewer)).width, 2);
      const ours = viewer.console.filter((line) => line.startsWith("[rivulet]"));
      assert.equal(ours.length, 1, ours.join("\n"));
      assert.match(ours[0] ?? "", said);
    });
  }

  it("in a browser without WebRTC says so once, and the page loads from the origin", async () => {
    stage.origin.files.set("/tag.html", encode(tag(good(), '<img data-rivulet="/picture.png" alt="">')));
    const viewer = await stage.open("/tag.html", async (page) => {
      await page.evaluateOnNewDocument(
        "delete globalThis.RTCPeerConnection; delete globalThis.RTCDataChannel",
      );
    });
    assert.equal((await picture(viewer)).width, 2);
    const ours = viewer.console.filter((line) => line.startsWith("[rivulet]"));
    assert.equal(ours.length, 1, ours.join("\n"));
    assert.match(ours[0] ?? "", /unsupported-browser.*WebRTC/);
  });

  it("with IndexedDB forbidden works, keeps pieces in memory and says so", async () => {
    stage.origin.files.set("/tag.html", encode(tag(good(), '<img data-rivulet="/assets/a.bin" alt="">')));
    const viewer = await stage.open("/tag.html", async (page) => {
      await page.evaluateOnNewDocument(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("Storage is forbidden here.", "SecurityError");
        };
      });
    });
    const answer = await viewer.page.evaluate(async () => {
      const rivulet = Reflect.get(window, "Rivulet").current;
      const response: Response = await rivulet.fetch("/assets/b.bin");
      return (await response.arrayBuffer()).byteLength;
    });
    assert.equal(answer, 200_000);
    assert.ok(
      viewer.console.some((line) => /storage-unavailable/.test(line)),
      viewer.console.join("\n"),
    );
  });
});
