import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnRooms } from "#signaling/cluster/own-rooms.ts";

test("while nothing can be said, comings and goings are not collected for ever: everybody is told of who is there instead", () => {
  const rooms = new OwnRooms();
  rooms.open("r:1");
  rooms.put("r:1", "stays", {});
  assert.equal(rooms.takeNews().length, 1);
  const before = rooms.version("r:1");
  for (let n = 0; n <= 10_000; n++) rooms.gone("r:1", `went ${n}`);
  assert.deepEqual(rooms.takeNews(), []);
  const [said] = rooms.takeSnapshots(() => [{ peer: "stays", entry: {} }]);
  assert.ok(said && said.message.type === "snapshot");
  assert.ok(said.message.version > before);
  rooms.gone("r:1", "stays");
  const [news] = rooms.takeNews();
  assert.ok(news && news.message.base === said.message.version);
});
