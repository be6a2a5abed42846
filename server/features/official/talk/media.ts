import type { Core } from '../../../platform/core.ts'
import { readFile, referToFile, storeFile } from '../../../platform/files/files.ts'
import type { FileType } from '../../../platform/files/recognise.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { fetchTemporary } from '../../../upstream/official/calls/media.ts'
import { OfficialError } from '../../../upstream/official/errors.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import type { Account } from '../accounts/accounts.ts'
import { findLine, putLineFile } from './store.ts'

/** Kinds of lines for which a conversation shows the file itself. */
export const shownMedia = ['image', 'voice'] as const
export type ShownMedia = (typeof shownMedia)[number]

export function isShownMedia(kind: string): kind is ShownMedia {
  return shownMedia.some(one => one === kind)
}

/** WeChat does not know the media_id any more. */
const forgotten = [40007, 41004]

/**
 * The picture or voice message of a line. It is fetched from WeChat, which forgets it after three days, and kept from then on.
 * Throws 1000 for a line without one and for one that is forgotten or is not what it says, 1011.
 */
export async function mediaOfLine(
  ctx: Pick<Core, 'db' | 'now'>,
  account: Account,
  id: number,
): Promise<{ type: FileType; bytes: Buffer }> {
  const line = await findLine(ctx.db, account, id)
  const mediaId = line?.content['MediaId'] ?? line?.content['mediaId']
  if (!line || !isShownMedia(line.kind) || mediaId === undefined) throw missing()
  const kept = line.fileHash === null ? undefined : await readFile(ctx, account.corpId, line.fileHash)
  if (kept) return kept
  const bytes = await fetchFrom(account, mediaId)
  const { hash, type } = await storeFile(ctx, account.corpId, line.kind, bytes)
  await ctx.db.transaction().execute(async tx => {
    await referToFile(ctx, tx, account.corpId, line.kind as ShownMedia, hash)
    await putLineFile(tx, account, id, hash)
  })
  return { type, bytes }
}

async function fetchFrom(account: Account, mediaId: string): Promise<Buffer> {
  try {
    return await fetchTemporary(account.client, mediaId)
  } catch (error) {
    if (error instanceof OfficialError && forgotten.includes(error.errcode))
      throw new ApiError('badParameter', {
        zh: '微信已不再保存这个文件（只保存 3 天）',
        en: 'WeChat no longer has this file: it keeps files for 3 days',
      })
    throw upstreamError(error)
  }
}

function missing(): ApiError {
  return new ApiError('badParameter', {
    zh: '这条消息没有图片或语音',
    en: 'this message has no picture or voice',
  })
}
