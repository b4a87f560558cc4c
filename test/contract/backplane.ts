import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Backplane, ConnectBackplane } from "#signaling/cluster/backplane.ts";
import { BackplaneEar } from "./backplane-ear.ts";

export interface BackplaneWorld {
  readonly connect: ConnectBackplane;
}

interface End {
  readonly plane: Backplane;
  readonly ear: BackplaneEar;
}

/** What the cluster relies on. `world` is called once for each test. */
export function backplaneContract(name: string, world: (t: TestContext) => Promise<BackplaneWorld>): void {
  const busTest = (what: string, body: (join: () => Promise<End>, bus: BackplaneWorld) => Promise<void>) => {
    test(`${name}: ${what}`, async (t) => {
      const bus = await world(t);
      const ends: End[] = [];
      const join = async (): Promise<End> => {
        const end = connected(bus.connect);
        ends.push(end);
        await end.ear.until("up");
        return end;
      };
      await body(join, bus);
      for (const { plane } of ends) await plane.close();
    });
  };

  busTest("no event comes before the call that led to it has returned", async (join, { connect }) => {
    const { plane: first, ear } = connected(connect);
    assert.deepEqual(ear.heard, []);
    await first.close();
    const { plane, ear: second } = await join();
    plane.subscribe("a");
    plane.publish("a", "1");
    assert.deepEqual(second.heard, ["up"]);
  });

  busTest("what is published is heard by all who are subscribed, its sender too", async (join) => {
    const [ann, bob, eve] = [await join(), await join(), await join()];
    await Promise.all([subscribed(ann, "a"), subscribed(bob, "a"), subscribed(eve, "b")]);
    ann.plane.publish("a", "hello");
    eve.plane.publish("b", "alone");
    for (const { ear } of [ann, bob, eve]) await ear.until("message");
    assert.deepEqual(ann.ear.messages, [{ channel: "a", text: "hello" }]);
    assert.deepEqual(bob.ear.messages, ann.ear.messages);
    assert.deepEqual(eve.ear.messages, [{ channel: "b", text: "alone" }]);
  });

  busTest("what one publishes comes in order, whatever the channels", async (join) => {
    const [ann, bob] = [await join(), await join()];
    await Promise.all([subscribed(bob, "a"), subscribed(bob, "b"), subscribed(bob, "c")]);
    const sent = Array.from({ length: 600 }, (_, i) => ({ channel: "abc".charAt(i % 3), text: `${i}` }));
    for (const { channel, text } of sent) ann.plane.publish(channel, text);
    await bob.ear.until("message", sent.length);
    assert.deepEqual(bob.ear.messages, sent);
  });

  busTest("any text comes as it was: empty, of all languages, of 300 KiB", async (join) => {
    const [ann, bob] = [await join(), await join()];
    await subscribed(bob, "a");
    const texts = ["", "\u0000\r\n$5\r\n", "Grüße, 世界 🌊", "x".repeat(300 * 1024)];
    for (const text of texts) ann.plane.publish("a", text);
    await bob.ear.until("message", texts.length);
    assert.deepEqual(
      bob.ear.messages.map(({ text }) => text),
      texts,
    );
  });

  busTest(
    "a subscription ends and begins as often as it is asked to, in the order of the calls",
    async (join) => {
      const [ann, bob] = [await join(), await join()];
      await Promise.all([subscribed(bob, "a"), subscribed(bob, "b")]);
      bob.plane.unsubscribe("a");
      for (let i = 0; i < 3; i++) {
        bob.plane.unsubscribe("b");
        bob.plane.subscribe("b");
      }
      await bob.ear.until("subscribed b", 4);
      ann.plane.publish("a", "nobody listens");
      ann.plane.publish("b", "heard");
      await bob.ear.until("message");
      assert.deepEqual(bob.ear.messages, [{ channel: "b", text: "heard" }]);
    },
  );

  busTest(
    "a subscription that was asked for at once has begun when the bus is there",
    async (join, { connect }) => {
      const ann = await join();
      const bob = connected(connect);
      for (const channel of ["a", "b", "c"]) bob.plane.subscribe(channel);
      bob.plane.unsubscribe("b");
      await bob.ear.until("up");
      for (const channel of ["a", "b", "c"]) ann.plane.publish(channel, "1");
      await bob.ear.until("message", 2);
      assert.deepEqual(
        bob.ear.messages.map(({ channel }) => channel),
        ["a", "c"],
      );
      await bob.plane.close();
    },
  );

  busTest("what was published before the close comes, and nothing is heard after it", async (join) => {
    const [ann, bob] = [await join(), await join()];
    await Promise.all([subscribed(ann, "a"), subscribed(bob, "a")]);
    ann.plane.publish("a", "goodbye");
    await ann.plane.close();
    const heard = [...ann.ear.heard];
    ann.plane.publish("a", "from beyond");
    ann.plane.subscribe("b");
    await bob.ear.until("message");
    bob.plane.publish("a", "are you there?");
    await bob.ear.until("message", 2);
    await ann.plane.close();
    assert.deepEqual(
      bob.ear.messages.map(({ text }) => text),
      ["goodbye", "are you there?"],
    );
    assert.deepEqual(ann.ear.heard, heard);
  });
}

function connected(connect: ConnectBackplane): End {
  const ear = new BackplaneEar();
  return { plane: connect(ear), ear };
}

async function subscribed({ plane, ear }: End, channel: string): Promise<void> {
  plane.subscribe(channel);
  await ear.until(`subscribed ${channel}`);
}
