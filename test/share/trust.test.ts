import assert from "node:assert/strict";
import { test } from "node:test";
import type { RivuletError } from "#sdk/base/errors.ts";
import { isShareMessage } from "#sdk/protocol/share/share-message.ts";
import { Interceptor } from "./support/interceptor.ts";
import { inLab, problemsOf, someBytes } from "./support/share-lab.ts";
import { soon } from "./support/soon.ts";

const FILES = { "secret.bin": someBytes(150_000) };

test("a signaling server that sits in between gets no byte, and both sides say why", () =>
  inLab(async (lab) => {
    const interceptor = new Interceptor(lab.net);
    lab.net.tamper = interceptor.tamper;
    const sender = await lab.send(FILES);
    const atSender = problemsOf(sender);
    const receiver = await lab.receive(sender.token);
    await soon(() => receiver.problems.length > 0 && atSender.length > 0);
    for (const [error] of [receiver.problems, atSender]) {
      assert.equal(error?.code, "peer-untrusted");
      assert.match(error?.message ?? "", /intercepted/);
    }
    // Greetings, proofs and refusals: nothing of what is shared, not even its name.
    assert.ok(interceptor.seen.length > 0);
    for (const bytes of interceptor.seen) {
      assert.ok(isShareMessage(bytes) && (bytes[0] as number) <= 0x82);
      assert.ok(bytes.byteLength <= 66);
    }
    assert.equal(receiver.progress.state, "looking");
  }));

test("a server in between that keeps the last word to itself is noticed by both all the same", () =>
  inLab(async (lab) => {
    lab.net.tamper = new Interceptor(lab.net).tamper;
    lab.net.alter = (sent) => (sent[0] === 0x82 ? undefined : sent);
    const sender = await lab.send(FILES);
    const atSender = problemsOf(sender);
    const receiver = await lab.receive(sender.token);
    await soon(() => receiver.problems.length > 0 && atSender.length > 0);
    assert.ok([...atSender, ...receiver.problems].every(({ code }) => code === "peer-untrusted"));
  }));

test("a server that adds a second fingerprint of its own is noticed too", () =>
  inLab(async (lab) => {
    lab.net.tamper = (signal) => {
      const { sdp = "" } = signal as { sdp?: string };
      const more = `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}\r\n`;
      return sdp ? { ...signal, sdp: sdp + more } : signal;
    };
    const sender = await lab.send(FILES);
    const receiver = await lab.receive(sender.token);
    await soon(() => receiver.problems.length > 0);
    assert.match(receiver.problems[0]?.message ?? "", /intercepted/);
  }));

test("the right password lets in, a wrong one does not and says so, none is asked for", () =>
  inLab(async (lab) => {
    const sender = await lab.send(FILES, { password: "Überfluß" });
    await assert.rejects(
      lab.receive(sender.token),
      (error: RivuletError) => error.code === "password-needed",
    );
    const wrong = await lab.receive(sender.token, { password: "ueberfluss" });
    await soon(() => wrong.problems.some(({ code }) => code === "password-wrong"));
    assert.equal(wrong.files.length, 0);
    // The same letters, composed otherwise.
    const right = await lab.receive(sender.token, { password: "U\u0308berfluß" });
    await right.done;
    assert.deepEqual(right.sink.file(0), FILES["secret.bin"]);
  }));

test("whoever knows where the people of a link meet, but not the link, is not let in", () =>
  inLab(async (lab) => {
    const sender = await lab.send(FILES);
    const atSender = problemsOf(sender);
    // What a curious server could make of an announce: a member of the same swarm that says what it likes.
    const bytes = new Uint8Array(64).fill(7);
    let greeted = false;
    lab.net.alter = (sent) => (sent[0] === 0x81 ? Uint8Array.of(0x81, ...bytes) : sent);
    const stranger = await lab.receive(sender.token);
    await soon(() => atSender.length > 0);
    greeted = stranger.files.length > 0;
    assert.equal(greeted, false);
    assert.match(atSender[0]?.message ?? "", /without the link/);
  }));

test("a receiver that sends frames before it has proved anything is cut", () =>
  inLab(async (lab) => {
    const sender = await lab.send(FILES);
    const atSender = problemsOf(sender);
    lab.net.alter = (sent) => (sent[0] === 0x81 ? Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) : sent);
    await lab.receive(sender.token);
    await soon(() => atSender.length > 0);
    assert.equal(atSender[0]?.code, "peer-untrusted");
  }));

test("a problem that comes before anybody listens is told to the first who does", () =>
  inLab(async (lab) => {
    const sender = await lab.send(FILES, { password: "right" });
    const wrong = await lab.receive(sender.token, { password: "wrong", listens: false });
    await soon(() => sender.progress.peers.length === 0 && wrong.progress.tracker === "up");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const first = problemsOf(wrong);
    const second = problemsOf(wrong);
    await soon(() => first.length > 0);
    assert.equal(first[0]?.code, "password-wrong");
    assert.deepEqual(second, first);
  }));
