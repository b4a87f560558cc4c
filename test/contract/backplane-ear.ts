import type { BackplaneEvents } from "#signaling/cluster/backplane.ts";

/** Keeps what a backplane says, in order, and lets a test wait for it. */
export class BackplaneEar implements BackplaneEvents {
  readonly heard: string[] = [];
  readonly messages: { readonly channel: string; readonly text: string }[] = [];
  /** Why the bus was lost, each time. */
  readonly causes: Error[] = [];
  #wake: (() => void)[] = [];

  onMessage = (channel: string, text: string): void => {
    this.messages.push({ channel, text });
    this.#note("message");
  };
  onSubscribed = (channel: string): void => this.#note(`subscribed ${channel}`);
  onUp = (): void => this.#note("up");
  onDown = (cause: Error): void => {
    this.causes.push(cause);
    this.#note("down");
  };

  /** Waits for the nth event of this kind; the test runner's timeout is the only limit. */
  async until(what: string, nth = 1): Promise<void> {
    while (this.count(what) < nth) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  count(what: string): number {
    return this.heard.filter((event) => event === what).length;
  }

  #note(event: string): void {
    this.heard.push(event);
    for (const wake of this.#wake.splice(0)) wake();
  }
}
