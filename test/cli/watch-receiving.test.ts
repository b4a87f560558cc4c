import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { watchReceiving } from "#sdk/cli/share/watch-receiving.ts";
import type { ShareEvents, SharePeer, ShareProgress } from "#sdk/client/share/share-events.ts";

const PEER: SharePeer = {
  id: "0".repeat(32),
  downloadedBytes: 0,
  uploadedBytes: 0,
  downloadBytesPerSecond: 0,
  uploadBytesPerSecond: 0,
  complete: 1,
};

const PROGRESS: Omit<ShareProgress, "peers"> = {
  state: "receiving",
  totalBytes: 3,
  doneBytes: 1,
  fileDoneBytes: [1, 0, 0],
  uploadedBytes: 0,
  bytesPerSecond: 0,
  remainingMs: undefined,
  missingBytes: 0,
  tracker: "up",
  error: undefined,
};

/** A receiver that knows of so many files and peers, and what the person is told once somebody's password is another. */
async function heard(files: number, peers: number) {
  const listeners = new Map<string, (event: never) => void>();
  const said: string[] = [];
  const share = {
    files: Array.from({ length: files }, (_, at) => ({ path: `${at}`, sizeBytes: 1 })),
    progress: { ...PROGRESS, peers: new Array<SharePeer>(peers).fill(PEER) },
    on: (name: string, listener: (event: never) => void) => {
      listeners.set(name, listener);
      return () => undefined;
    },
  };
  let ended: unknown;
  const bar = { show: () => undefined, stop: () => undefined, say: (text: string) => void said.push(text) };
  watchReceiving(share, bar).catch((error: unknown) => {
    ended = error;
  });
  const error = new RivuletError("password-wrong", "The password is wrong. Nothing was sent.");
  (listeners.get("problem") as (event: ShareEvents["problem"]) => void)({ error });
  await new Promise(setImmediate);
  return { ended: ended === error, said: said.join("\n") };
}

test("a wrong password ends a receiver that nobody has let in", async () => {
  assert.deepEqual(await heard(0, 0), { ended: true, said: "" });
});

test("somebody else's wrong password does not end a receiver that has been let in", async () => {
  for (const files of [0, 3]) {
    const { ended, said } = await heard(files, 1);
    assert.equal(ended, false);
    assert.equal(said, "Somebody connected with another password, and was not let in.");
  }
});

test("who knows the files, and is alone with somebody of another password, is told what to do if theirs is wrong", async () => {
  const { ended, said } = await heard(3, 0);
  assert.equal(ended, false);
  assert.match(said, /another password, .* If yours is wrong, press Ctrl-C and give the right one\.$/);
});
