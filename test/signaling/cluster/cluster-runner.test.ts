import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { RivuletError } from "@rivulet/sdk/protocol";
import type { BackplaneEvents } from "#signaling/cluster/backplane.ts";
import { Cluster } from "#signaling/cluster/cluster.ts";
import { ClusterRunner } from "#signaling/cluster/cluster-runner.ts";
import { MemoryHub } from "#signaling/cluster/memory-backplane.ts";
import { eventually } from "../support/running-server.ts";
import { ROOM } from "./support/cluster-stage.ts";
import { SimRooms } from "./support/sim-rooms.ts";

function run(t: TestContext, id: string, connect = new MemoryHub().connect) {
  const rooms = new SimRooms();
  const cluster = new Cluster({ id: id.repeat(16), prefix: "t" }, rooms);
  rooms.attach(cluster);
  const links: (string | undefined)[] = [];
  const runner = new ClusterRunner({
    cluster,
    connect,
    now: () => 0,
    deliver: () => {},
    onLink: (problem) => links.push(problem?.code),
  });
  t.after(() => runner.stop());
  runner.start();
  return { rooms, cluster, runner, links };
}

test("servers that are embedded in one process share their rooms, until one is stopped", async (t) => {
  const hub = new MemoryHub();
  const [first, second] = [run(t, "1", hub.connect), run(t, "2", hub.connect)];
  first.rooms.join(ROOM, "ann");
  first.runner.turn();
  second.rooms.join(ROOM, "bob");
  second.runner.turn();
  await eventually(() => first.rooms.view(ROOM).has("bob") && second.rooms.view(ROOM).has("ann"));
  assert.equal(first.cluster.carry("2".repeat(16), { hello: 1 }), true);
  first.runner.turn();
  await eventually(() => second.rooms.carriedHere.length === 1);
  await first.runner.stop();
  await eventually(() => !second.rooms.view(ROOM).has("ann"));
});

test("the operator is told when the bus is lost, and when it is back", (t) => {
  const bus: { events?: BackplaneEvents } = {};
  const { links, cluster } = run(t, "1", (events) => {
    bus.events = events;
    return { publish: () => {}, subscribe: () => {}, unsubscribe: () => {}, close: async () => {} };
  });
  bus.events?.onDown(new RivuletError("connection-failed", "Redis is not there."));
  bus.events?.onUp();
  assert.deepEqual([links, cluster.stats().isUp], [["connection-failed", undefined], true]);
});
