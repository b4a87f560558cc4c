import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RedisBackplane } from "#signaling/cluster/redis-backplane.ts";
import { backplaneContract } from "#test/contract/backplane.ts";
import { BackplaneEar } from "#test/contract/backplane-ear.ts";
import { RedisServer } from "#test/support/redis-server.ts";

let server: RedisServer;

before(async () => {
  server = await RedisServer.start({ password: "open-sesame" });
});
after(() => server.dispose());

/** The first retry comes as early as it can. */
const random = () => 0;

function connect(): { plane: RedisBackplane; ear: BackplaneEar } {
  const ear = new BackplaneEar();
  return { ear, plane: new RedisBackplane({ url: server.url, random }, ear) };
}

backplaneContract("redis", async () => ({
  connect: (events) => new RedisBackplane({ url: server.url, random }, events),
}));

test("a Redis that stops and starts again: down once, up, and the subscriptions as they are by then", async () => {
  const [ann, bob] = [connect(), connect()];
  for (const channel of ["a", "b"]) bob.plane.subscribe(channel);
  await Promise.all([ann.ear.until("up"), bob.ear.until("up")]);
  await server.stop();
  await Promise.all([ann.ear.until("down"), bob.ear.until("down")]);
  ann.plane.publish("a", "into the void");
  bob.plane.unsubscribe("a");
  bob.plane.subscribe("c");
  await server.start();
  await Promise.all([ann.ear.until("up", 2), bob.ear.until("up", 2)]);
  for (const channel of ["a", "b", "c"]) ann.plane.publish(channel, `to ${channel}`);
  await bob.ear.until("message", 2);
  assert.deepEqual(bob.ear.heard, ["up", "down", "up", "message", "message"]);
  assert.deepEqual(
    bob.ear.messages.map(({ text }) => text),
    ["to b", "to c"],
  );
  await Promise.all([ann.plane.close(), bob.plane.close()]);
});

test("a Redis that is not there at the start is told of once, and found when it comes", async () => {
  await server.stop();
  const { plane, ear } = connect();
  plane.subscribe("a");
  await ear.until("down");
  await server.start();
  await ear.until("up");
  assert.deepEqual(ear.heard, ["down", "up"]);
  assert.match(String(ear.causes[0]?.message), /^Redis is not there: .*ECONNREFUSED/);
  await plane.close();
});

test("a Redis that holds its connections and answers nothing is given up", async () => {
  const { plane, ear } = connect();
  await ear.until("up");
  server.freeze();
  await ear.until("down");
  assert.match(String(ear.causes[0]?.message), /no answer within \d+ ms/);
  await server.kill();
  await server.start();
  await ear.until("up", 2);
  await plane.close();
});

test("a wrong password is told without the password, and tried again", async () => {
  const ear = new BackplaneEar();
  const url = server.url.replace("open-sesame", "wrong-secret");
  const plane = new RedisBackplane({ url, random }, ear);
  await ear.until("down");
  assert.match(String(ear.causes[0]?.message), /WRONGPASS/);
  assert.doesNotMatch(String(ear.causes[0]?.message), /secret/);
  await plane.close();
});

test("a close does not wait for a Redis that is not there", async () => {
  await server.stop();
  const { plane } = connect();
  await plane.close();
  await server.start();
});

test("a URL of another kind is a bad option, and is not repeated: there may be a password in it", () => {
  for (const url of ["http://u:secret@localhost", "secret", "rediss:/", ""].filter(
    (each) => each !== "rediss:/",
  )) {
    assert.throws(
      () => new RedisBackplane({ url }, new BackplaneEar()),
      (error: Error) => "code" in error && error.code === "bad-option" && !error.message.includes("secret"),
    );
  }
});
