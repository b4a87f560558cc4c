import type { SharedFile } from "../sharing.ts";

export interface FileNode {
  readonly kind: "file";
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Its place in the share's list. */
  readonly index: number;
}

export interface FolderNode {
  readonly kind: "folder";
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** At any depth. */
  readonly fileCount: number;
  /** Folders first, each by name; 2 comes before 10. */
  readonly children: readonly TreeNode[];
}

export type TreeNode = FileNode | FolderNode;

interface Growing {
  readonly folders: Map<string, Growing>;
  readonly files: FileNode[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const byName = (a: TreeNode, b: TreeNode): number => collator.compare(a.name, b.name);

/** The folders that the files' paths speak of; the root has no name. */
export function fileTree(files: readonly SharedFile[]): FolderNode {
  const root: Growing = { folders: new Map(), files: [] };
  files.forEach(({ path, sizeBytes }, index) => {
    const names = path.split("/");
    const name = names.pop() ?? path;
    let folder = root;
    for (const folderName of names) {
      let next = folder.folders.get(folderName);
      if (!next) {
        next = { folders: new Map(), files: [] };
        folder.folders.set(folderName, next);
      }
      folder = next;
    }
    folder.files.push({ kind: "file", name, path, sizeBytes, index });
  });
  return grown(root, "", "");
}

function grown({ folders, files }: Growing, name: string, path: string): FolderNode {
  const below = [...folders].map(([folderName, folder]) =>
    grown(folder, folderName, path === "" ? folderName : `${path}/${folderName}`),
  );
  const sum = (nodes: readonly TreeNode[]): number =>
    nodes.reduce((total, node) => total + node.sizeBytes, 0);
  return {
    kind: "folder",
    name,
    path,
    sizeBytes: sum(below) + sum(files),
    fileCount: files.length + below.reduce((total, folder) => total + folder.fileCount, 0),
    children: [...below.sort(byName), ...files.sort(byName)],
  };
}

/** How much is done of a file, or of all in a folder. */
export function doneBytesOf(node: TreeNode, fileDoneBytes: readonly number[]): number {
  if (node.kind === "file") return fileDoneBytes[node.index] ?? 0;
  return node.children.reduce((total, child) => total + doneBytesOf(child, fileDoneBytes), 0);
}

/** The folders that are open at first: one that is alone hides everything, so one need not open it. */
export function openAtFirst(root: FolderNode): Set<string> {
  const open = new Set<string>();
  let [only, ...others] = root.children;
  while (only?.kind === "folder" && others.length === 0) {
    open.add(only.path);
    [only, ...others] = only.children;
  }
  return open;
}

/** Files whose path contains the text, wherever they are. */
export function filesNamed(root: FolderNode, text: string): FileNode[] {
  const wanted = text.trim().toLocaleLowerCase();
  const found: FileNode[] = [];
  const look = (node: TreeNode): void => {
    if (node.kind === "folder") node.children.forEach(look);
    else if (node.path.toLocaleLowerCase().includes(wanted)) found.push(node);
  };
  look(root);
  return found;
}
