/** The scripts that a site serves; each with the files that are loaded with it. */
export function buildScripts(
  outDir: string,
): Promise<{ readonly file: string; readonly parts: readonly string[] }[]>;
