/** Whether the browser lets this page keep files on disk; private windows of some do not. */
export async function hasDisk(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}
