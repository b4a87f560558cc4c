import { begunMedia } from "#sdk/integrations/site/begun-media.ts";
import { equal } from "../contract/piece-store.ts";
import { SOUND } from "../integrations/support/element-page.ts";
import { describe, it } from "./mocha.ts";

describe("what a document's players have begun to load", () => {
  it("is what they load or have, and not what waits until it is played, or has no source", async () => {
    const box = document.createElement("div");
    document.body.append(box);
    // Nothing ever comes out of a source that nobody fills: its player loads as long as one lets it.
    const loads = player(box, "video", URL.createObjectURL(new MediaSource()));
    const has = player(box, "audio", URL.createObjectURL(SOUND));
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
