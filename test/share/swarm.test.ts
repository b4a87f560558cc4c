import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { MemorySink, MemorySource } from "./support/memory-disk.ts";
import { inLab, problemsOf, someBytes } from "./support/share-lab.ts";
import { soon } from "./support/soon.ts";

const SIZE = 4_000_000;
/** The first byte of the message that brings hashes. */
const HASHES = 0x85;

test("what is hashed is sent while the rest is hashed", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const source = new MemorySource({ "film.bin": film });
    let release: () => void = () => undefined;
    let batches = 0;
    source.pause = () =>
      ++batches < 3 ? Promise.resolve() : new Promise<void>((resolve) => (release = resolve));
    const sender = await lab.send(source);
    const receiver = await lab.receive(sender.token);
    await soon(() => receiver.progress.doneBytes === 32 * 65_536);
    assert.equal(sender.progress.state, "hashing");
    assert.equal(receiver.progress.state, "waiting");
    assert.equal(receiver.progress.missingBytes, SIZE - 32 * 65_536);
    source.pause = () => Promise.resolve();
    release();
    await receiver.done;
    assert.deepEqual(receiver.sink.file(0), film);
    assert.equal(sender.progress.state, "seeding");
  }));

test("a receiver that comes again fetches only what its disk lacks", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const sender = await lab.send({ "film.bin": film });
    const sink = new MemorySink();
    let begun = 0;
    sink.pause = async () => {
      if (++begun > 30) await new Promise(() => undefined);
    };
    const first = await lab.receive(sender.token, { sink });
    await soon(() => sink.written.size >= 30);
    await first.stop();
    sink.pause = async () => undefined;
    assert.equal(sink.written.size, 30);
    // One piece was damaged meanwhile.
    const damaged = [...sink.written].slice(0, 1);
    const at = (damaged[0] as number) * 65_536 + 100;
    sink.bytes[at] = (sink.bytes[at] as number) ^ 1;
    const again = await lab.receive(sender.token, { sink });
    await again.done;
    assert.deepEqual(again.sink.file(0), film);
    const twice = [...sink.writes].filter(([, count]) => count > 1).map(([piece]) => piece);
    assert.deepEqual(twice, damaged);
  }));

test("when the sender is gone, receivers finish each other; what nobody has is waited for", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const source = new MemorySource({ "film.bin": film });
    const sender = await lab.send(source);
    const first = await lab.receive(sender.token);
    await first.done;
    const whole = first.sink;
    await sender.stop();
    const second = await lab.receive(sender.token);
    await second.done;
    assert.deepEqual(second.sink.file(0), film);
    await first.stop();
    await second.stop();
    // Half of it is all that is left.
    const half = new MemorySink();
    half.bytes = whole.bytes.slice();
    half.stored = whole.stored;
    for (let piece = 0; piece < 30; piece++) half.written.add(piece);
    const third = await lab.receive(sender.token, { sink: half });
    const fourth = await lab.receive(sender.token);
    await soon(() => fourth.progress.doneBytes === 30 * 65_536);
    assert.equal(fourth.progress.state, "waiting");
    assert.equal(fourth.progress.missingBytes, SIZE - 30 * 65_536);
    assert.equal(third.progress.state, "waiting");
  }));

test("a receiver that changes bits for others is found out, and nothing wrong is written", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const sender = await lab.send({ "film.bin": film });
    const liar = await lab.receive(sender.token);
    await liar.done;
    await sender.stop();
    lab.net.alter = (sent) => {
      if (sent[0] === 0x0a) sent[sent.byteLength - 1] = (sent.at(-1) as number) ^ 1;
      return sent;
    };
    const victim = await lab.receive(sender.token);
    await soon(() => victim.files.length > 0);
    await soon(() => victim.progress.peers.length === 0);
    assert.equal(victim.sink.written.size, 0);
    assert.equal(victim.progress.state, "waiting");
  }));

test("a file that was changed since it was shared is not sent, and the sender is told which", () =>
  inLab(async (lab) => {
    const source = new MemorySource({ "a.txt": someBytes(10_000), "b.txt": someBytes(200_000) });
    const sender = await lab.send(source);
    const problems = problemsOf(sender);
    await sender.done;
    (source.contents[1] as Uint8Array)[150_000] = 0;
    (source.contents[1] as Uint8Array)[150_001] = 0;
    const receiver = await lab.receive(sender.token);
    await soon(() => problems.length > 0 && receiver.progress.doneBytes > 0);
    assert.equal(problems[0]?.code, "file-changed");
    assert.match(problems[0]?.message ?? "", /"b.txt"/);
    await soon(() => receiver.progress.state === "waiting");
    assert.equal(receiver.progress.peers.length, 1, "The sender is no liar, and is not cut.");
  }));

test("a full disk ends it with one error; what is there stays, and is the beginning of the next try", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const sender = await lab.send({ "film.bin": film });
    const sink = new MemorySink();
    sink.roomBytes = 20 * 65_536;
    const receiver = await lab.receive(sender.token, { sink });
    await assert.rejects(receiver.done, { code: "storage-full" });
    assert.equal(receiver.progress.state, "failed");
    await receiver.stop();
    sink.roomBytes = Number.POSITIVE_INFINITY;
    const again = await lab.receive(sender.token, { sink });
    await again.done;
    assert.deepEqual(sink.file(0), film);
    assert.ok([...sink.writes.values()].every((count) => count === 1));
  }));

test("nothing but empty files is complete as soon as its list is known", () =>
  inLab(async (lab) => {
    const sender = await lab.send({ "a/.keep": new Uint8Array(0), "b.txt": new Uint8Array(0) });
    const receiver = await lab.receive(sender.token);
    const whole: number[] = [];
    receiver.on("file", ({ file }) => whole.push(file));
    await receiver.done;
    assert.deepEqual(whole, [0, 1]);
    // Who comes later hears of it from the first.
    await sender.stop();
    await (await lab.receive(sender.token)).done;
  }));

test("a list of 10,000 files reaches others in parts", () =>
  inLab(async (lab) => {
    const names = Array.from({ length: 10_000 }, (_, at) => `folder ${at % 100}/file number ${at}.txt`);
    const files = Object.fromEntries(names.map((name) => [name, new TextEncoder().encode(name)]));
    const sender = await lab.send(files);
    const receivers = await Promise.all([lab.receive(sender.token), lab.receive(sender.token)]);
    for (const receiver of receivers) {
      await receiver.done;
      assert.equal(receiver.files.length, 10_000);
      assert.deepEqual(new TextDecoder().decode(receiver.sink.file(9_999)), names[9_999]);
    }
  }));

test("a disk that takes its time to open delays nothing but itself", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const sender = await lab.send({ "film.bin": film });
    let open: () => void = () => undefined;
    const opens = new Promise<void>((resolve) => {
      open = resolve;
    });
    const receiving = lab.receive(sender.token, { opens: () => opens });
    await soon(() => sender.progress.peers.length === 1);
    open();
    const receiver = await receiving;
    await receiver.done;
    assert.deepEqual(receiver.sink.file(0), film);
  }));

test("a disk that another tab has leaves no connection behind", () =>
  inLab(async (lab) => {
    const sender = await lab.send({ "film.bin": someBytes(SIZE) });
    const error = new RivuletError("share-open-elsewhere", "Another tab has it.");
    await assert.rejects(lab.receive(sender.token, { opens: () => Promise.reject(error) }), error);
    await soon(() => sender.progress.peers.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(sender.progress.peers.length, 0);
  }));

test("whoever waits alone finds somebody who comes later and has everything", () =>
  inLab(async (lab) => {
    const film = someBytes(SIZE);
    const sender = await lab.send({ "film.bin": film });
    const first = await lab.receive(sender.token);
    await first.done;
    await sender.stop();
    await first.stop();
    const second = await lab.receive(sender.token);
    await soon(() => second.progress.tracker === "up");
    assert.equal(second.progress.state, "looking");
    await (await lab.receive(sender.token, { sink: first.sink })).done;
    await second.done;
    assert.deepEqual(second.sink.file(0), film);
  }));

test("a link is given out when others can already find its sender, and without a signaling server all the same", () =>
  inLab(async (lab) => {
    let up: () => void = () => undefined;
    lab.net.trackerUp = new Promise<void>((resolve) => {
      up = resolve;
    });
    let isOut = false;
    const sending = lab.send({ "a.txt": someBytes(10) }).then((share) => {
      isOut = true;
      return share;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(isOut, false);
    up();
    const sender = await sending;
    await (await lab.receive(sender.token)).done;
    lab.net.trackerUp = new Promise<void>(() => undefined);
    assert.match((await lab.send({ "a.txt": someBytes(10) })).token, /^[\w-]{44}$/);
  }));

test("pieces that are there before their hashes are known are compared, not fetched", () =>
  inLab(async (lab) => {
    const sender = await lab.send({ "film.bin": someBytes(SIZE) });
    const first = await lab.receive(sender.token);
    await first.done;
    await first.stop();
    const sentBefore = sender.progress.uploadedBytes;
    // What was kept of the list is gone, and the hashes are late.
    await first.sink.keepDescription(new Uint8Array(0));
    let late = 0;
    lab.net.alter = (bytes) => {
      if (bytes[0] !== HASHES) return bytes;
      late++;
      return undefined;
    };
    const second = await lab.receive(sender.token, { sink: first.sink });
    await soon(() => second.progress.state === "checking" && late > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(second.progress.state, "checking");
    await second.stop();
    assert.equal(sender.progress.uploadedBytes, sentBefore);
  }));
