// The least that a WebSocket server on `ws` can do with a flood: it is read, and nothing comes of it. Arguments: the port.
import { WebSocketServer } from "ws";

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  perMessageDeflate: false,
});
server.on("connection", (socket) => {
  socket.on("message", () => {});
  socket.on("error", () => {});
});
