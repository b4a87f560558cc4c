import assert from "node:assert/strict";
import { test } from "node:test";
import { count, formatRate, formatRemaining, ratioOf } from "#demo/src/share/figures.ts";
import { Roster } from "#demo/src/share/parts/roster.ts";
import { troubleOf } from "#demo/src/share/parts/trouble-words.ts";
import { LOOKING_IS_LONG_MS, receiverWords, tabTitle } from "#demo/src/share/receiver/receiver-words.ts";
import { senderWords } from "#demo/src/share/sender/sender-words.ts";
import type { SharePeer, ShareProgress } from "#demo/src/share/sharing.ts";
import { RivuletError } from "#sdk/base/errors.ts";

const MB = 1_000_000;

function progress(change: Partial<ShareProgress>): ShareProgress {
  return {
    state: "receiving",
    totalBytes: 30 * MB,
    doneBytes: 12 * MB,
    fileDoneBytes: [],
    uploadedBytes: 0,
    bytesPerSecond: 0,
    remainingMs: undefined,
    missingBytes: 0,
    peers: [],
    tracker: "up",
    error: undefined,
    ...change,
  };
}

function peer(id: string, complete: number, change: Partial<SharePeer> = {}): SharePeer {
  return {
    id,
    complete,
    downloadedBytes: 0,
    uploadedBytes: 0,
    downloadBytesPerSecond: 0,
    uploadBytesPerSecond: 0,
    ...change,
  };
}

test("counts, rates and what remains are told roughly, and never as done before they are", () => {
  assert.deepEqual([count(1, "file"), count(10_300, "file")], ["1 file", "10,300 files"]);
  assert.equal(formatRate(1_240_000), "1.24\u00a0MB/s");
  const told = [400, 9_100, 31_000, 95_000, 3_700_000, 90_000_000].map(formatRemaining);
  assert.deepEqual(told, [
    "1 s left",
    "10 s left",
    "35 s left",
    "about 2 min left",
    "about 1 h 2 min left",
    "more than a day left",
  ]);
  assert.deepEqual([ratioOf(0, 0), ratioOf(1, 2)], [1, 0.5]);
});

test("a receiver is told after eight seconds that nobody is there", () => {
  const at = (ms: number): string => receiverWords(progress({ state: "looking", totalBytes: 0 }), ms).detail;
  assert.equal(at(LOOKING_IS_LONG_MS - 1), "The files come straight from their browser.");
  assert.equal(
    at(LOOKING_IS_LONG_MS),
    "Nobody who has these files is here. They come when the sender opens their page.",
  );
});

test("a receiver is told how far it got, and what it waits for", () => {
  const detail = (change: Partial<ShareProgress>): string => receiverWords(progress(change), 0).detail;
  assert.equal(
    detail({ bytesPerSecond: 1.2 * MB, remainingMs: 15_000 }),
    "12.0 MB of 30.0 MB · 1.20\u00a0MB/s · 15 s left",
  );
  assert.equal(
    detail({ state: "waiting", missingBytes: 12 * MB }),
    "12.0 MB of 30.0 MB are missing, and nobody who is here has them: waiting.",
  );
  assert.equal(detail({ state: "seeding" }), "Keep the page open to give it to others.");
});

test("what is said aloud has no figures that change all the time", () => {
  for (const state of [
    "looking",
    "checking",
    "receiving",
    "waiting",
    "hashing",
    "seeding",
    "stopped",
  ] as const) {
    const some = { state, bytesPerSecond: 5 * MB, missingBytes: 3 * MB, uploadedBytes: 7 * MB };
    assert.doesNotMatch(receiverWords(progress(some), 0).spoken, /MB|%/);
    assert.doesNotMatch(senderWords(progress(some)).spoken, /MB|%/);
  }
});

test("a sender is told who gets it, and when everybody has it", () => {
  const title = (peers: readonly SharePeer[], uploadedBytes = 0): string =>
    senderWords(progress({ state: "seeding", peers, uploadedBytes })).title;
  assert.equal(title([]), "Ready: send the link");
  assert.equal(title([], MB), "Nobody is connected now");
  assert.equal(title([peer("a", 0.5)]), "Sending to 1 person");
  assert.equal(title([peer("a", 0.5), peer("b", 0), peer("c", 1)]), "Sending to 2 people");
  assert.equal(title([peer("a", 1)]), "They have everything");
});

test("the tab says how far it got, and that it is here only when it is", () => {
  assert.equal(tabTitle(progress({ doneBytes: 29.99 * MB }), "film.mp4"), "99% · film.mp4 · Rivulet");
  assert.equal(tabTitle(progress({ doneBytes: 30 * MB }), "film.mp4"), "Here: film.mp4 · Rivulet");
  assert.equal(tabTitle(progress({ state: "looking", totalBytes: 0 }), "files"), "Receive files · Rivulet");
});

test("people keep their number when others leave, and those who left with everything are remembered", () => {
  const roster = new Roster("Receiver");
  roster.lines([peer("a", 1), peer("b", 0.2)]);
  const [line] = roster.lines([peer("b", 0.43, { uploadBytesPerSecond: 1_240_000 })]);
  assert.deepEqual([line?.name, line?.detail], ["Receiver 2", "has 43% · gets 1.24\u00a0MB/s"]);
  assert.equal(roster.leftWithAll, 1);
  roster.lines([peer("a", 1), peer("b", 0.5)]);
  assert.equal(roster.leftWithAll, 0);
});

test("each failure that a person can do something about has words of its own", () => {
  const codes = [
    "bad-link",
    "unsupported-browser",
    "insecure-context",
    "storage-full",
    "storage-unavailable",
    "share-open-elsewhere",
    "peer-untrusted",
    "password-wrong",
    "file-changed",
    "file-unreadable",
    "file-unwritable",
    "worker-unavailable",
    "share-malformed",
  ] as const;
  const titles = codes.map((code) => troubleOf(new RivuletError(code, "As it is.")).title);
  assert.equal(new Set(titles).size, codes.length);
  assert.ok(!titles.includes("Something went wrong"));
  assert.equal(troubleOf("odd").title, "Something went wrong");
  assert.equal(troubleOf(new RivuletError("constructor" as never, "odd")).title, "Something went wrong");
});

test("bytes in an error's message are told in units", () => {
  const { text } = troubleOf(
    new RivuletError("storage-full", "There is no room: 12345678 bytes are missing."),
  );
  assert.equal(text, "There is no room: 12.3 MB are missing.");
});
