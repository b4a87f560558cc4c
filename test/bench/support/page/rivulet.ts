import type { Rivulet } from "@rivulet/sdk";
import { rivuletHls } from "@rivulet/sdk/hls";
import { play } from "./play.ts";
import { readSetup } from "./setup.ts";

const { signal, manifest } = readSetup();

// As the README has it: the player starts while the script is on its way.
let rivulet: Rivulet | undefined;
const arriving = import("@rivulet/sdk").then((sdk) => {
  rivulet = new sdk.Rivulet({ signal, manifest });
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
