import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import type { Core } from '../../core.ts'
import { ApiError } from '../errors.ts'
import { optionalChoice, optionalStructured, optionalText, text } from '../input.ts'
import { createSlots } from '../waiting/slots.ts'

export const fileAtMost = 8_000_000
/** How much of a body with such a file is read. */
export const uploadBodyAtMost = 12_000_000

/** The inputs of a call that takes a table as a file. */
export const uploadedFile = {
  fileName: optionalText('文件名', { max: 200 }),
  content: text('CSV 或 Excel（.xlsx）文件的内容，base64', { max: Math.ceil(fileAtMost / 3) * 4 }),
  language: optionalChoice('说明的语言', ['zh', 'en']),
  columns: optionalStructured(
    '每一列是什么：列名到它在文件中的位置，从 0 数起；不给出则按列名识别',
    Type.Record(Type.String({ maxLength: 32 }), Type.Integer({ minimum: 0, maximum: 999 }), {
      maxProperties: 50,
    }),
  ),
}

/** What the answers about such a file tell of its columns. */
export const columnsSchema = {
  headers: Type.Array(Type.Object({ name: Type.String(), example: Type.String() })),
  /** Which of them is which; those that are not there are not in the file. */
  at: Type.Record(Type.String(), Type.Number()),
  /** Headers that are not used. */
  ignoredColumns: Type.Array(Type.String()),
  /** Why nothing can be read with these columns, until others are chosen; '' otherwise. */
  lacking: Type.String(),
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

/** What a corp's administrators upload is read and looked through one file at a time on each node, and the others wait in order. */
const filesWaiting = 5
const withTurn = createSlots(1, filesWaiting)

/** Throws 1010 where too many wait already. */
export async function oneFileOfCorp<T>(corpId: string, work: () => Promise<T>): Promise<T> {
  return withTurn(corpId, work)
}

/** Who may apply what they have looked at: this import, in this corp, by this person. */
export type Importer = { purpose: string; corpId: string; who: string }

/** A file, and which of its columns is which if somebody has said so. */
export type ImportedFile = { bytes: Buffer; chosen: Readonly<Record<string, number>> | undefined }

/** Lets the same person apply the same file, read in the same way. */
export function previewToken(ctx: Pick<Core, 'seal'>, importer: Importer, file: ImportedFile): string {
  return ctx.seal.sign(importer.purpose, signedText(importer, file))
}

/** Throws 1000 for another file than the one that was previewed, or other columns. */
export function checkPreviewed(
  ctx: Pick<Core, 'seal'>,
  importer: Importer,
  file: ImportedFile,
  token: string,
): void {
  if (ctx.seal.isSigned(importer.purpose, signedText(importer, file), token)) return
  throw new ApiError('badParameter', {
    zh: '文件与预览的不同，请重新预览',
    en: 'the file is not the one that was previewed: preview it again',
  })
}

function signedText({ corpId, who }: Importer, { bytes, chosen }: ImportedFile): string {
  const columns = chosen ? ` ${JSON.stringify(Object.entries(chosen).sort())}` : ''
  return `${corpId} ${who} ${createHash('sha256').update(bytes).digest('hex')}${columns}`
}
