import { clearAll } from "../../adapters/catalogue-records.ts";
import type { SharedRivulet } from "./shared-rivulet.ts";

/**
 * Takes back what was done with a visitor's consent: ends this page's part, removes what is stored, and unregisters the
 * Service Workers that are Rivulet's alone. Other tabs go on until they are closed.
 */
export async function forget(current: SharedRivulet | undefined): Promise<void> {
  await current?.destroy();
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(
    registrations
      .filter(({ active }) => /\/rivulet-sw[^/]*$/.test(active?.scriptURL ?? ""))
      .map((registration) => registration.unregister()),
  );
  // Where storage is forbidden there is nothing to remove.
  await clearAll().catch(() => undefined);
}
