import assert from "node:assert/strict";
import { test } from "node:test";
import { MemorySink } from "./support/memory-disk.ts";
import { inLab, someBytes } from "./support/share-lab.ts";
import { soon } from "./support/soon.ts";

/** The first byte of the message that asks, of the one that brings the list, and of the one that brings hashes. */
const ASK = 0x83;
const LISTING = 0x84;
const HASHES = 0x85;

test("what an earlier visit kept is not lost when others are quicker than the disk", () =>
  inLab(async (lab) => {
    const sender = await lab.send({ "film.bin": someBytes(1_000_000) });
    const sink = new MemorySink();
    const first = await lab.receive(sender.token, { sink });
    await first.done;
    await first.stop();
    const { stored } = sink;
    let open: () => void = () => undefined;
    const opens = new Promise<void>((resolve) => (open = resolve));
    // The list comes before the disk is there, and hashes never do.
    let lists = 0;
    lab.net.alter = (bytes) => {
      if (bytes[0] === LISTING) lists++;
      return bytes[0] === HASHES ? undefined : bytes;
    };
    const coming = lab.receive(sender.token, { sink, opens: () => opens });
    await soon(() => lists > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    open();
    const second = await coming;
    await second.done;
    // As a browser that is killed leaves it.
    assert.deepEqual(sink.stored, stored);
  }));

test("what was changed on a receiver's disk is not passed on: it is told so, and gives what is right", () =>
  inLab(async (lab) => {
    const film = someBytes(1_000_000);
    const sender = await lab.send({ "film.bin": film });
    const seeder = await lab.receive(sender.token);
    await seeder.done;
    await sender.stop();
    seeder.sink.bytes[500_000] = (seeder.sink.bytes[500_000] as number) ^ 1;
    const receiver = await lab.receive(sender.token);
    const changed = Math.floor(500_000 / 65_536);
    await soon(() => receiver.sink.written.size === Math.ceil(film.byteLength / 65_536) - 1);
    assert.equal(receiver.sink.written.has(changed), false);
    assert.deepEqual(
      seeder.problems.map(({ code }) => code),
      ["storage-corrupt"],
    );
    assert.equal(receiver.progress.peers.length, 1);
    assert.equal(receiver.sink.writes.get(changed), undefined);
  }));

test("empty files are had by somebody once the list was sent there, not before", () =>
  inLab(async (lab) => {
    const sender = await lab.send({ "empty.txt": new Uint8Array(0) });
    const held: Uint8Array[] = [];
    lab.net.alter = (bytes) => {
      if (bytes[0] !== ASK) return bytes;
      held.push(bytes);
      return undefined;
    };
    await lab.receive(sender.token);
    await soon(() => held.length > 0 && sender.progress.peers.length === 1);
    assert.deepEqual(
      sender.progress.peers.map(({ complete }) => complete),
      [0],
    );
    lab.net.alter = (bytes) => bytes;
    const second = await lab.receive(sender.token);
    await second.done;
    assert.deepEqual(sender.progress.peers.map(({ complete }) => complete).sort(), [0, 1]);
  }));
