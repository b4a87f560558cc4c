import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { RivuletError } from "../../base/errors.ts";
import type { Terminal } from "../command.ts";

/**
 * The password: as given, as the environment has it, or as the person types it, unseen.
 * @throws RivuletError `password-needed` where nobody can be asked.
 */
export async function passwordFor(
  { given, ask }: { readonly given: string | undefined; readonly ask: boolean },
  { stderr }: Terminal,
): Promise<string | undefined> {
  const known = given ?? (process.env.RIVULET_PASSWORD || undefined);
  if (known !== undefined || !ask) return known;
  if (!process.stdin.isTTY)
    throw new RivuletError(
      "password-needed",
      "This link needs a password: give --password TEXT, or set RIVULET_PASSWORD.",
    );
  stderr.write("Password: ");
  // What readline would echo goes nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once("line", resolve);
      reader.once("close", () => reject(new RivuletError("password-needed", "No password was given.")));
    });
  } finally {
    reader.close();
    stderr.write("\n");
  }
}
