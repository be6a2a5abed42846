import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { type MediaFile, mediaOf } from '../../message-media/media.ts'

type NamesFiles = { mediaId?: string | undefined; attachments?: readonly string[] | undefined }

/** The inputs of a message with what is known of the files that they name. Throws 1002 for one that is not the caller's. */
export async function withFiles<T extends NamesFiles>(
  ctx: Pick<Core, 'db'>,
  caller: Pick<Caller, 'corpId' | 'devId'>,
  input: T,
): Promise<T & { files: readonly MediaFile[] }> {
  const { mediaId, attachments = [] } = input
  const ids = [...(mediaId ? [mediaId] : []), ...attachments]
  return { ...input, files: await mediaOf(ctx, caller, [...new Set(ids)]) }
}
