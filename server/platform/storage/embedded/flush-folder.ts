import { closeSync, fsyncSync, openSync } from 'node:fs'

/** A name in a folder survives a power cut only once the folder itself is on the disk. */
export function flushFolder(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
