import { begunMedia } from "#sdk/integrations/site/begun-media.ts";
import { equal } from "../contract/piece-store.ts";
import { describe, it } from "./mocha.ts";

describe("what a document's players have begun to load", () => {
  it("is what they load or have, and not what waits until it is played, or has no source", async () => {
    const box = document.createElement("div");
    document.body.append(box);
    // Nothing ever comes out of a source that nobody fills: its player loads as long as one lets it.
    const loads = player(box, "video", URL.createObjectURL(new MediaSource()));
    const has = player(box, "audio", URL.createObjectURL(second()));
    const waits = player(box, "video", "/waits.mp4", "none");
    box.append(document.createElement("video"));
    const camera = document.createElement("video");
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    camera.srcObject = canvas.captureStream();
    box.append(camera);
    while (loads.networkState !== loads.NETWORK_LOADING || has.readyState === 0 || camera.readyState === 0) {
      context?.fillRect(0, 0, 1, 1);
      await new Promise(requestAnimationFrame);
    }
    equal(waits.networkState === waits.NETWORK_LOADING, false);
    equal(begunMedia().join(), [loads.currentSrc, has.currentSrc].join());
    box.remove();
  });
});

function player(box: Element, kind: "video" | "audio", url: string, preload: "auto" | "none" = "auto") {
  const element = document.createElement(kind);
  element.preload = preload;
  element.src = url;
  box.append(element);
  return element;
}

/** A second of silence: a WAV file of 8,000 samples, 8 bits each. */
function second(): Blob {
  const samples = 8000;
  const header = new DataView(new ArrayBuffer(44));
  const ascii = (at: number, text: string) => {
    for (let index = 0; index < text.length; index++) header.setUint8(at + index, text.charCodeAt(index));
  };
  ascii(0, "RIFF");
  header.setUint32(4, 36 + samples, true);
  ascii(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 1, true); // one channel
  header.setUint32(24, samples, true);
  header.setUint32(28, samples, true);
  header.setUint16(32, 1, true);
  header.setUint16(34, 8, true);
  ascii(36, "data");
  header.setUint32(40, samples, true);
  return new Blob([header, new Uint8Array(samples).fill(128)], { type: "audio/wav" });
}
