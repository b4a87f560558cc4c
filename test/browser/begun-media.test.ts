import { begunMedia } from "#sdk/integrations/site/begun-media.ts";
import { equal } from "../contract/piece-store.ts";
import { describe, it } from "./mocha.ts";

describe("what a document's players have begun to load", () => {
  it("is what they load or have, and not what waits until it is played, or has no source", async () => {
    const players = [
      '<video preload="auto" src="/begun.mp4"></video>',
      '<audio preload="auto" src="/begun.m4a"></audio>',
      '<video preload="none" src="/waits.mp4"></video>',
      "<video></video>",
    ];
    const box = document.createElement("div");
    box.innerHTML = players.join("");
    document.body.append(box);
    const camera = document.createElement("video");
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    camera.srcObject = canvas.captureStream();
    box.append(camera);
    while (camera.readyState === 0) {
      context?.fillRect(0, 0, 1, 1);
      await new Promise(requestAnimationFrame);
    }
    const url = (path: string) => new URL(path, location.href).href;
    const seen = begunMedia();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const then = begunMedia();
    box.remove();
    equal([...new Set([...seen, ...then])].join(), [url("/begun.mp4"), url("/begun.m4a")].join());
  });
});
