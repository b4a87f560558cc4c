import type { ResolvedImport, SourceFile } from "./source-tree.ts";

const SDK = "packages/sdk/src/";
const SIGNALING = "packages/signaling/src/";
const FLOORS: Readonly<Record<string, number>> = {
  base: 0,
  protocol: 1,
  content: 2,
  engine: 3,
  adapters: 4,
  client: 5,
  integrations: 6,
};
/** The package's front door and the command line sit above everything. */
const TOP = 7;
const MAX_LINES = 200;
const EMPTY_NAMES = /^(utils?|types?|helpers?)$/;

/** Checks the rules of docs on floors; each broken one is a sentence that names the file. */
export function brokenRules(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap((file) => [
      ...sizeAndName(file),
      ...file.imports.flatMap((found) => {
        const at = `${file.path}:${found.line}`;
        return [upward(file, found), sibling(file, found), impure(file, found), foreign(file, found)]
          .filter((sentence) => sentence !== undefined)
          .map((sentence) => `${at} ${sentence}`);
      }),
    ]),
    ...cycles(files),
  ];
}

/** The floor of a file of the SDK; undefined for one in a folder that has none. */
export function floorOf(path: string): number | undefined {
  if (!path.startsWith(SDK)) return undefined;
  const [first, ...rest] = path.slice(SDK.length).split("/");
  if (rest.length === 0 || first === "cli") return TOP;
  return FLOORS[first as string];
}

function sizeAndName(file: SourceFile): string[] {
  const found: string[] = [];
  if (file.lines > MAX_LINES) found.push(`${file.path} has ${file.lines} lines, over ${MAX_LINES}`);
  const names = file.path.split("/").slice(3);
  for (const name of names) {
    if (EMPTY_NAMES.test(name.replace(/\..*$/, ""))) {
      found.push(`${file.path} has a name that says nothing: "${name}"`);
    }
  }
  if (file.path.startsWith(SDK) && floorOf(file.path) === undefined)
    found.push(`${file.path} is on no floor`);
  return found;
}

function upward(file: SourceFile, { target }: ResolvedImport): string | undefined {
  const own = floorOf(file.path);
  const other = target === undefined ? undefined : floorOf(target);
  if (own === undefined || other === undefined || other <= own) return undefined;
  return `imports upward, from floor ${own} to ${other}: ${target}`;
}

function sibling(file: SourceFile, { target }: ResolvedImport): string | undefined {
  const engineFolder = new RegExp(`^${SDK}engine/(transfer|peers|swarm)/`);
  const own = engineFolder.exec(file.path)?.[1];
  const other = target === undefined ? undefined : engineFolder.exec(target)?.[1];
  if (own === undefined || other === undefined || own === other) return undefined;
  return `imports a sibling, ${own} of ${other}: they meet in node`;
}

function impure(file: SourceFile, { specifier, target }: ResolvedImport): string | undefined {
  const own = floorOf(file.path);
  if (own === undefined || own > 3) return undefined;
  if (target === undefined) return `imports ${specifier}: floors 0 to 3 know neither packages nor Node`;
  return floorOf(target) === undefined ? `imports ${target}, which is on no floor` : undefined;
}

/** Packages meet at their published doors only. */
function foreign(file: SourceFile, { specifier, target }: ResolvedImport): string | undefined {
  const [, name] = file.path.split("/");
  const source = `packages/${name}/src/`;
  if (target !== undefined) {
    const isOwn = target.startsWith(source) || target === `packages/${name}/package.json`;
    return isOwn ? undefined : `reaches out of its package: ${target}`;
  }
  if (specifier.startsWith("#")) return `imports ${specifier}, a short cut for tests`;
  if (file.path.startsWith(SIGNALING) && /^@rivulet\/sdk(\/|$)/.test(specifier)) {
    return /^@rivulet\/sdk\/(protocol|content)$/.test(specifier)
      ? undefined
      : `imports ${specifier}: the server knows only the protocol and the content`;
  }
  if (file.path.startsWith(SDK) && specifier.startsWith("@rivulet/")) {
    return `imports ${specifier}: the SDK stands alone`;
  }
  return undefined;
}

/** One sentence for each knot of files that import each other, type imports included. */
function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: SourceFile): void => {
    const at = path.indexOf(file.path);
    if (at >= 0) found.push(`imports go round: ${[...path.slice(at), file.path].join(" → ")}`);
    if (at >= 0 || done.has(file.path)) return;
    path.push(file.path);
    for (const target of new Set(file.imports.map((each) => each.target))) {
      const next = target === undefined ? undefined : byPath.get(target);
      if (next) visit(next);
    }
    path.pop();
    done.add(file.path);
  };
  for (const file of files) visit(file);
  return found;
}
