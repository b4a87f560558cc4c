import type { Rivulet } from "@rivulet/sdk";
import { rivuletHls } from "@rivulet/sdk/hls";
import { play } from "./play.ts";

// As the README has it: Rivulet starts while hls.js is on its way, and the player waits for neither its script nor it.
let rivulet: Rivulet | undefined;
const arriving = import("./rivulet-start.ts").then((module) => {
  rivulet = module.rivulet;
  return rivulet;
});

play({
  create: (Hls) => new Hls({ ...rivuletHls(arriving) }),
  traffic: () => {
    if (!rivulet) return { peers: 0, peerBytes: 0, originBytes: 0, uploadedBytes: 0, wastedBytes: 0 };
    const { peers, peerBytes, originBytes, uploadedBytes, wastedBytes } = rivulet.stats;
    return { peers: peers.length, peerBytes, originBytes, uploadedBytes, wastedBytes };
  },
});
