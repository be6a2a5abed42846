import { createHash } from 'node:crypto'
import { type FileType, recognise } from '../../platform/files/recognise.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'

export const iconBytesAtMost = 200_000

const types: readonly FileType[] = ['image/png', 'image/jpeg', 'image/webp']

export type Icon = { type: string; bytes: Buffer; hash: string }

/**
 * Accepts PNG, JPEG and WebP pictures, recognised by their first bytes, but no SVG, which could contain scripts.
 * Throws 1000.
 */
export function readIcon(bytes: Buffer): Icon {
  if (bytes.length === 0)
    throw new ApiError('badParameter', { zh: '图标文件是空的', en: 'the icon file is empty' })
  if (bytes.length > iconBytesAtMost)
    throw new ApiError('badParameter', {
      zh: told`图标有 ${own(bytes.length)} 字节，最多 ${own(iconBytesAtMost)} 字节`,
      en: told`the icon has ${own(bytes.length)} bytes, at most ${own(iconBytesAtMost)} are allowed`,
    })
  const type = recognise(bytes)
  if (!type || !types.includes(type))
    throw new ApiError('badParameter', {
      zh: '图标应为 PNG、JPEG 或 WebP 图片',
      en: 'the icon should be a PNG, JPEG or WebP picture',
    })
  return { type, bytes, hash: createHash('sha256').update(bytes).digest('hex') }
}
