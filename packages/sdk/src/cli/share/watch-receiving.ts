import { second } from "../../base/time.ts";
import type { RunningShare } from "../../client/share/running-share.ts";
import { formatBytes } from "../format-bytes.ts";
import type { ShareBar } from "./share-bar.ts";

type Watched = Pick<RunningShare, "files" | "progress" | "on">;

/** Somebody who has the files may take so long to be found before the person is told what is waited for. */
const PATIENCE_MS = 8 * second;

/** Shows how it goes; rejects when it cannot go on. */
export function watchReceiving(share: Watched, bar: ShareBar): Promise<never> {
  const waiting = setTimeout(() => {
    if (share.files.length === 0)
      bar.say("Nobody who has these files is there. They come when the sender is; Ctrl-C ends the wait.");
  }, PATIENCE_MS);
  share.on("files", ({ files }) => {
    clearTimeout(waiting);
    bar.say(`Receiving ${files.length} file(s), ${formatBytes(share.progress.totalBytes)}.`);
  });
  share.on("progress", (progress) => bar.show(progress));
  return new Promise((_, reject) => {
    share.on("problem", ({ error }) => {
      clearTimeout(waiting);
      const isAlone = share.progress.peers.length === 0;
      // Who has let somebody in has the right password, or they would not be there.
      if (error.code === "password-wrong" && isAlone && share.files.length === 0) reject(error);
      else if (error.code === "password-wrong") bar.say(otherPassword(isAlone));
      // What ends it is told of by whoever waits for its end.
      else if (share.progress.state !== "failed") bar.say(error.message);
    });
  });
}

/** The files may be known from an earlier visit, and the password of this one be wrong all the same. */
function otherPassword(isAlone: boolean): string {
  const what = "Somebody connected with another password, and was not let in.";
  return isAlone ? `${what} If yours is wrong, press Ctrl-C and give the right one.` : what;
}
