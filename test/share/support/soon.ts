/** Settles when the condition holds, looked at every few milliseconds; rejects when it never does. */
export async function soon(condition: () => boolean, withinMs = 20_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > until) throw new Error(`Not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
