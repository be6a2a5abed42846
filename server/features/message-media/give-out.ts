import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { type ReadyAnswer, ready } from '../../platform/http/output.ts'
import { told } from '../../platform/http/told.ts'
import { type MediaFile, readMedia } from './media.ts'

/**
 * The answer with one of a message's files, for a reader who may see the message. It is to be saved: pages show pictures of it, and nothing
 * in it runs in a browser. No browser keeps it, so that it is asked for again after the message was recalled. Throws 1000 for a file that the message does not name or that is not there any more.
 */
export async function giveOut(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  files: readonly MediaFile[],
  mediaId: string,
): Promise<ReadyAnswer> {
  const isNamed = files.some(one => one.mediaId === mediaId)
  const file = isNamed ? await readMedia(ctx, corpId, mediaId) : undefined
  if (!file)
    throw new ApiError(
      'badParameter',
      {
        zh: told`消息中没有文件 ${mediaId}，或文件已删除`,
        en: told`the message has no file ${mediaId}, or the file was deleted`,
      },
      { status: 404 },
    )
  const { name, type, bytes } = file
  return ready({ file: bytes, type, maxAgeSeconds: 'not kept', attachment: dispositionOf(name) })
}

/** For old programs the name in ASCII, for others as it is (RFC 6266). */
function dispositionOf(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, one => `%${one.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${name.replaceAll(/[^ -~]|["\\%]/g, '_')}"; filename*=UTF-8''${encoded}`
}
