import type { Core } from '../../platform/core.ts'
import { type MediaFile, readMedia } from './media.ts'

type HeldFile = { bytes: Promise<Buffer | undefined>; users: number }
const held = new Map<string, HeldFile>()

/** Files with their bytes; `gone` is one that is not there any more. */
export type FilesRead = { files: readonly (MediaFile & { bytes: Buffer })[]; gone?: MediaFile }

/**
 * Does work with the bytes of files. Works at the same time share them, so that a mail to a thousand people is in memory once, and read
 * from the database a few times.
 */
export async function withBytes<T>(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  files: readonly MediaFile[],
  work: (read: FilesRead) => Promise<T>,
): Promise<T> {
  const taken = files.map(({ mediaId }) => take(ctx, corpId, mediaId))
  try {
    const bytes = await Promise.all(taken.map(one => one.bytes))
    const gone = files.find((_, at) => bytes[at] === undefined)
    if (gone) return await work({ files: [], gone })
    return await work({ files: files.map((file, at) => ({ ...file, bytes: bytes[at]! })) })
  } finally {
    for (const one of taken) one.giveBack()
  }
}

function take(ctx: Pick<Core, 'db'>, corpId: string, mediaId: string) {
  const key = `${corpId} ${mediaId}`
  const one = held.getOrInsertComputed(key, () => ({
    bytes: readMedia(ctx, corpId, mediaId).then(file => file?.bytes),
    users: 0,
  }))
  one.users++
  return {
    bytes: one.bytes,
    giveBack() {
      if (--one.users === 0) held.delete(key)
    },
  }
}
