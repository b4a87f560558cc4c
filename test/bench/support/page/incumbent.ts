import { HlsJsP2PEngine } from "p2p-media-loader-hlsjs";
import { play } from "./play.ts";
import { readSetup } from "./setup.ts";

const { tracker, swarm } = readSetup();
const peers = new Set<string>();
const seen = { peerBytes: 0, originBytes: 0, uploadedBytes: 0, wastedBytes: 0 };

play({
  create: (Hls) => {
    const HlsWithPeers = HlsJsP2PEngine.injectMixin(Hls);
    const hls = new HlsWithPeers({
      // hls.js's worker takes away the buffers that it is given, and the incumbent's cache lies in the same ones: with
      // it, viewers send each other empty segments, and freeze. Without it the figures are those of its scheduling.
      enableWorker: false,
      // Its defaults but for the servers: its own are somebody else's, on the Internet.
      p2p: { core: { swarmId: swarm, announceTrackers: [tracker], rtcConfig: { iceServers: [] } } },
    });
    const { p2pEngine } = hls;
    p2pEngine.addEventListener("onPeerConnect", ({ peerId }) => peers.add(peerId));
    p2pEngine.addEventListener("onPeerClose", ({ peerId }) => peers.delete(peerId));
    p2pEngine.addEventListener("onChunkUploaded", (bytes) => {
      seen.uploadedBytes += bytes;
    });
    p2pEngine.addEventListener("onChunkDownloaded", (bytes, source) => {
      if (source === "p2p") seen.peerBytes += bytes;
      else seen.originBytes += bytes;
    });
    return hls;
  },
  traffic: () => ({ ...seen, peers: peers.size }),
});
