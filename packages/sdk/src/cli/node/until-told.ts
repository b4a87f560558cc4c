/** Settles at SIGINT or SIGTERM, and stops listening then or when the signal aborts. */
export function untilTold(ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      process.off("SIGINT", end).off("SIGTERM", end);
      ended.removeEventListener("abort", end);
      resolve();
    };
    process.once("SIGINT", end).once("SIGTERM", end);
    ended.addEventListener("abort", end, { once: true });
  });
}
