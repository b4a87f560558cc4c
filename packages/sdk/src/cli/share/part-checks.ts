import { RivuletError } from "../../base/errors.ts";
import { statsOf } from "./new-name.ts";

/**
 * Whether a part, of which everything was written, is still as long as that.
 * @throws RivuletError `file-unwritable`.
 */
export async function checkPart(
  location: string,
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
): Promise<void> {
  const stats = await statsOf(location);
  if (!stats) throw removedPart(name);
  if (stats.size === sizeBytes) return;
  throw new RivuletError(
    "file-unwritable",
    `"${name}" was changed while it was received. Delete it and run this again: it is received anew.`,
  );
}

/** Made anew, it would have holes where the earlier pieces were. */
export function removedPart(name: string): RivuletError {
  return new RivuletError(
    "file-unwritable",
    `"${name}" was removed while it was received. Run this again: it is received anew.`,
  );
}
