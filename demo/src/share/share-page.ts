import { Announcer } from "./parts/announcer.ts";
import { Receiver } from "./receiver/receiver.ts";
import { Sender } from "./sender/sender.ts";
import type { Sharing } from "./sharing.ts";

/** One page, two roles: who opens a link receives, who comes without one sends. */
export function startSharePage(root: HTMLElement, sharing: Sharing): void {
  const announcer = new Announcer();
  document.body.append(announcer.element);
  if (location.hash.length > 1) new Receiver({ root, sharing, announcer }).start(location.href);
  else new Sender({ root, sharing, announcer }).start();
  keepFragment();
  // Another link was typed over this one: a new beginning.
  addEventListener("hashchange", () => location.reload());
}

/** "Skip to the content" would put its own name where the link's secret is. */
function keepFragment(): void {
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>("main")?.focus();
  });
}
