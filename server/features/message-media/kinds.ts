import { recognise } from '../../platform/files/recognise.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'

export const mediaKinds = ['image', 'voice', 'video', 'file'] as const
export type MediaKind = (typeof mediaKinds)[number]

const megabyte = 1024 * 1024

/** What WeCom takes (docs/upstream/wecom-messages.md#media); `megabytes` are of 1,048,576 bytes. */
export const mediaLimits: Readonly<Record<MediaKind, { name: Words; megabytes: number }>> = {
  image: { name: { zh: '图片（JPG、PNG）', en: 'a picture (JPG, PNG)' }, megabytes: 10 },
  voice: { name: { zh: '语音（AMR）', en: 'a voice message (AMR)' }, megabytes: 2 },
  video: { name: { zh: '视频（MP4）', en: 'a video (MP4)' }, megabytes: 10 },
  file: { name: { zh: '文件', en: 'a file' }, megabytes: 20 },
}

/** More bytes than these. */
const bytesAbove = 5
/** The largest file of any kind, in bytes. */
export const mediaBytesAtMost = mediaLimits.file.megabytes * megabyte

const kindOfType: Readonly<Record<string, MediaKind>> = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'audio/amr': 'voice',
  'video/mp4': 'video',
}

/** The type of what is not recognised. */
export const unknownType = 'application/octet-stream'

/** What a file is, by its content and not by its name; pictures are never decoded. `size` is in bytes. Throws 1000. */
export function recogniseMedia(bytes: Buffer): { kind: MediaKind; type: string; size: number } {
  const type = recognise(bytes) ?? unknownType
  const kind = kindOfType[type] ?? 'file'
  const size = bytes.length
  const { name, megabytes } = mediaLimits[kind]
  if (size <= bytesAbove)
    throw new ApiError('badParameter', {
      zh: told`文件有 ${own(size)} 字节，应大于 ${own(bytesAbove)} 字节`,
      en: told`the file has ${own(size)} bytes, and should have more than ${own(bytesAbove)}`,
    })
  if (size > megabytes * megabyte)
    throw new ApiError('badParameter', {
      zh: told`${own(name.zh)}最大 ${own(megabytes)} MB，收到 ${own(size)} 字节（按内容识别）`,
      en: told`${own(name.en)} has at most ${own(megabytes)} MB, and this one, recognised by its content, has ${own(size)} bytes`,
    })
  return { kind, type, size }
}
