// The least that a WebSocket server on `ws` can do. Arguments: the port, and what becomes of what comes in: with `echo` it
// goes back, with `sink` nothing.
import { WebSocketServer } from "ws";

const [port, name] = process.argv.slice(2);
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => {
    if (name === "echo") socket.send(data, { binary: isBinary });
  });
  socket.on("error", () => {});
});
