import { createHash } from 'node:crypto'
import type { Core } from '../../core.ts'
import { ApiError } from '../errors.ts'
import { optionalChoice, optionalText, text } from '../input.ts'

const fileAtMost = 8_000_000
/** How much of a body with such a file is read. */
export const uploadBodyAtMost = 12_000_000

/** The inputs of a call that takes a table as a file. */
export const uploadedFile = {
  fileName: optionalText('文件名', { max: 200 }),
  content: text('CSV 或 Excel（.xlsx）文件的内容，base64', { max: Math.ceil(fileAtMost / 3) * 4 }),
  language: optionalChoice('说明的语言', ['zh', 'en']),
}

/** The bytes of a file that came as base64. Throws 1000. */
export function bytesOf(content: string): Buffer {
  if (!/^[\w+/-]*={0,2}$/.test(content))
    throw new ApiError('badParameter', { zh: 'content 应为 base64', en: 'content should be base64' })
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length > fileAtMost)
    throw new ApiError('badParameter', { zh: '文件超过 8 MB', en: 'the file is larger than 8 MB' })
  return bytes
}

/** Who may apply what they have looked at: this import, in this corp, by this person. */
export type Importer = { purpose: string; corpId: string; who: string }

/** Lets the same person apply the same file. */
export function previewToken(ctx: Pick<Core, 'seal'>, importer: Importer, bytes: Buffer): string {
  return ctx.seal.sign(importer.purpose, signedText(importer, bytes))
}

/** Throws 1000 for another file than the one that was previewed. */
export function checkPreviewed(
  ctx: Pick<Core, 'seal'>,
  importer: Importer,
  bytes: Buffer,
  token: string,
): void {
  if (ctx.seal.isSigned(importer.purpose, signedText(importer, bytes), token)) return
  throw new ApiError('badParameter', {
    zh: '文件与预览的不同，请重新预览',
    en: 'the file is not the one that was previewed: preview it again',
  })
}

function signedText({ corpId, who }: Importer, bytes: Buffer): string {
  return `${corpId} ${who} ${createHash('sha256').update(bytes).digest('hex')}`
}
