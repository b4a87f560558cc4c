// bittorrent-tracker's own server, for WebTorrent alone. Arguments: the port.
import TrackerServer from "../../../incumbents/node_modules/bittorrent-tracker/server.js";

const server = new TrackerServer({ udp: false, http: false, ws: true, stats: false });
// Without these listeners it dies at the first client that leaves in mid-sentence.
server.on("error", () => {});
server.on("warning", () => {});
server.listen(Number(process.argv[2]), "127.0.0.1");
