import { RivuletError } from "../../base/errors.ts";
import type { Distrust } from "./mutual-proof.ts";

/** What a person is told of an end that did not prove itself, or that does not trust us. */
export function untrusted(
  reason: Distrust,
  { by, hasPassword }: { readonly by: "us" | "them"; readonly hasPassword: boolean },
): RivuletError {
  switch (reason) {
    case "version":
      return new RivuletError(
        "peer-untrusted",
        "The other side runs another version of Rivulet. Reload both pages; nothing was sent.",
      );
    case "intercepted":
      return new RivuletError(
        "peer-untrusted",
        "The connection was intercepted: the two ends do not see each other's certificates, so somebody sits in between, most likely the signaling server. Nothing was sent.",
      );
    case "unknown":
      if (hasPassword)
        return new RivuletError(
          "password-wrong",
          by === "them"
            ? "The password is wrong. Nothing was sent."
            : "The two ends have different passwords. Nothing was sent.",
        );
      return new RivuletError(
        "peer-untrusted",
        "Somebody without the link tried to connect. Nothing was sent.",
      );
    case "silent":
    case "unruly":
      return new RivuletError(
        "peer-untrusted",
        "Somebody connected, and did not prove to have the link before the connection ended. Nothing was sent.",
      );
    default:
      return reason satisfies never;
  }
}

/** Somebody is there, and cannot be reached. */
export function unreachable(): RivuletError {
  return new RivuletError(
    "connection-failed",
    "Somebody with the link is there, but no connection came about: a firewall is in between, or a signaling server that changes what it passes on. A TURN server helps against the first.",
  );
}
