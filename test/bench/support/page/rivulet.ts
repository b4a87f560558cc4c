import { Rivulet } from "@rivulet/sdk";
import { rivuletHls } from "@rivulet/sdk/hls";
import { play } from "./play.ts";
import { readSetup } from "./setup.ts";

const { signal, manifest } = readSetup();
const rivulet = new Rivulet({ signal, manifest });

play({
  create: (Hls) => new Hls({ ...rivuletHls(rivulet) }),
  traffic: () => {
    const { peers, peerBytes, originBytes, uploadedBytes, wastedBytes } = rivulet.stats;
    return { peers: peers.length, peerBytes, originBytes, uploadedBytes, wastedBytes };
  },
});
