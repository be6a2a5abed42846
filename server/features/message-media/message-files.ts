import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { optionalIds, optionalText } from '../../platform/http/input.ts'
import { own, told } from '../../platform/http/told.ts'
import { type MediaKind, mediaKinds, mediaLimits } from './kinds.ts'
import { type MediaFile, mediaFeature, mediaOf } from './media.ts'

/** What messages may name files by; `files` are those, as they were looked up. */
type FileInputs = { mediaId?: unknown; attachments?: unknown; files?: readonly MediaFile[] }

/** What messages with files take: the feature of the corp, and the migration with which they came. */
export const takesFiles = { feature: mediaFeature, since: '0154-message-media.sql' } as const

export const mediaId = optionalText(
  {
    zh: '文件：message/media 返回的 mediaId，msgType 为 06、07、08 时必填',
    en: 'File: the mediaId that message/media gave; needed when msgType is 06, 07 or 08',
  },
  { max: 64 },
)

const attachmentsAtMost = 10
const megabyte = 1024 * 1024
const attachedMegabytes = 20

export const attachments = optionalIds(
  {
    zh: `邮件附件：message/media 返回的 mediaId，最多 ${attachmentsAtMost} 个，合计最大 ${attachedMegabytes} MB；发送方式为 2 时使用`,
    en: `Attachments of a mail: mediaIds of message/media, at most ${attachmentsAtMost} and ${attachedMegabytes} MB in all; for sendType 2`,
  },
  { max: attachmentsAtMost },
)

/** A file as pages show it. */
export const shownFileSchema = Type.Object({
  mediaId: Type.String(),
  kind: Type.Enum(mediaKinds),
  name: Type.String(),
  size: Type.Number(),
})
export type ShownFile = Static<typeof shownFileSchema>

/** The files that a content names, whatever its channel. */
export function filesOf(content: object): readonly MediaFile[] {
  return (content as { files?: readonly MediaFile[] }).files ?? []
}

/** The file of an input, as it was looked up. Throws 1001, and 1000 for one of another kind; `kind` undefined: any. */
export function fileIn({ mediaId, files = [] }: FileInputs, kind?: MediaKind): MediaFile {
  if (!mediaId) throw new ApiError('missingParameter', 'mediaId')
  const file = files.find(one => one.mediaId === mediaId)
  if (!file) throw new ApiError('badParameter', 'mediaId')
  if (kind && file.kind !== kind) {
    const [wanted, found] = [mediaLimits[kind].name, mediaLimits[file.kind].name]
    throw new ApiError('badParameter', {
      zh: told`mediaId 应为${own(wanted.zh)}，收到的是${own(found.zh)}（按内容识别）；没有发送`,
      en: told`mediaId should be ${own(wanted.en)}, and is ${own(found.en)}, recognised by its content; nothing was sent`,
    })
  }
  return file
}

/** Throws 1000 for attachments of what is no mail, where they would be lost without a word. */
export function checkNoAttachments({ attachments = [] }: FileInputs): void {
  if ((attachments as readonly string[]).length === 0) return
  throw new ApiError('badParameter', {
    zh: 'attachments 只用于邮件（sendType 2）；企业微信消息用 msgType 06、07、08 与 mediaId',
    en: 'attachments are for mail (sendType 2); a WeCom message takes msgType 06, 07 or 08 with mediaId',
  })
}

/** The attachments of a mail. Throws 1000 for more bytes than mails carry, and for a mediaId, which would be lost. */
export function attachedIn({ attachments = [], files = [], mediaId }: FileInputs): MediaFile[] {
  if (mediaId)
    throw new ApiError('badParameter', {
      zh: 'mediaId 用于企业微信消息；邮件用 attachments',
      en: 'mediaId is for WeCom messages; a mail takes attachments',
    })
  const ids = attachments as readonly string[]
  const attached = ids.flatMap(id => files.find(one => one.mediaId === id) ?? [])
  const size = attached.reduce((sum, one) => sum + one.size, 0)
  if (size > attachedMegabytes * megabyte)
    throw new ApiError('badParameter', {
      zh: told`附件合计 ${own(size)} 字节，最大 ${own(attachedMegabytes)} MB；没有发送`,
      en: told`the attachments have ${own(size)} bytes in all, at most ${own(attachedMegabytes)} MB are allowed; nothing was sent`,
    })
  return attached
}

type Owner = { corpId: string; devId: string }
type NamesFiles = { mediaId?: string | undefined; attachments?: readonly string[] | undefined }

/** The inputs of a message with what is known of the files that they name. Throws 1002 for one that is not its owner's. */
export async function withFiles<T extends NamesFiles>(
  ctx: Pick<Core, 'db'>,
  owner: Owner,
  input: T,
): Promise<T & { files: readonly MediaFile[] }> {
  const { mediaId, attachments = [] } = input
  const ids = [...(mediaId ? [mediaId] : []), ...attachments]
  return { ...input, files: await mediaOf(ctx, owner, [...new Set(ids)]) }
}
