import { formParts } from '../../../platform/http/bodies/multipart.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { type MediaKind, mediaKinds, recogniseMedia } from '../../message-media/kinds.ts'
import { storeMedia } from '../../message-media/media.ts'
import { CompatRefusal, type Errcode, refused } from '../answer.ts'
import type { CompatSendNeeds } from './send-message.ts'

/** A form with a file, and as what WeCom is to take it. */
type Upload = { type: unknown; form: { contentType: string; body: Buffer } }

const nothingStored = { zh: '没有保存', en: 'nothing was stored' } as const

/**
 * Stores a file as `message/media` does, and answers as `media/upload` (docs/upstream/wecom-messages.md#media). Its media_id is wisp's, and
 * good for this developer's messages. Throws CompatRefusal.
 */
export async function uploadCompat(
  ctx: CompatSendNeeds,
  developer: Caller,
  { type, form }: Upload,
): Promise<{ type: MediaKind; media_id: string; created_at: string }> {
  const wanted = mediaKinds.find(kind => kind === type)
  if (!wanted)
    throw refused(40004, {
      zh: told`type 应为 ${own(mediaKinds.join('、'))} 之一`,
      en: told`type should be one of ${own(mediaKinds.join(', '))}`,
    })
  const parts = await as(47001, () => formParts(form.contentType, form.body, nothingStored))
  const file = parts.find(part => part.fileName !== undefined)
  if (!file) throw refused(41005, { zh: told`表单里没有文件`, en: told`the form has no file` })
  if (file.bytes.length === 0) throw refused(44001, { zh: told`文件为空`, en: told`the file is empty` })
  const given = { name: file.fileName ?? '', bytes: file.bytes }
  const { kind } = await as(40006, async () => recogniseMedia(file.bytes))
  if (wanted !== 'file' && kind !== wanted)
    throw refused(40005, {
      zh: told`文件内容是 ${own(kind)}，不是 ${own(wanted)}`,
      en: told`the file is of the type ${own(kind)}, recognised by its content, and not ${own(wanted)}`,
    })
  const { mediaId } = await as(40006, () => storeMedia(ctx, developer, given))
  return { type: wanted, media_id: mediaId, created_at: String(Math.floor(ctx.now() / 1000)) }
}

async function as<T>(errcode: Errcode, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ApiError && error.error === 'badParameter'
      ? new CompatRefusal(errcode, error)
      : error
  }
}
