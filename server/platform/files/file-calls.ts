import { Type } from 'typebox'
import type { Core } from '../core.ts'
import { ApiError } from '../http/errors.ts'
import { choice, text } from '../http/input.ts'
import { fileSchema, ready } from '../http/output.ts'
import { administrator, pageCall, person } from '../http/page-call.ts'
import { fileBytesAtMost, fileUseNames, readFile, storeFile } from './files.ts'
import { fileTypes } from './recognise.ts'

const base64AtMost = Math.ceil(fileBytesAtMost / 3) * 4

/** What a form then refers to by the hash. A file that nothing refers to is deleted after a day. */
export const uploadFile = pageCall({
  method: 'POST',
  path: '/web/files/upload',
  access: administrator('graded'),
  point: 'console:use',
  bodyAtMost: base64AtMost + 1000,
  input: {
    use: choice('用途', fileUseNames),
    content: text('文件内容，base64', { max: base64AtMost }),
  },
  output: Type.Object({ hash: Type.String(), type: Type.Enum(fileTypes), size: Type.Number() }),
  handle: (ctx: Core, { input, corpId }) =>
    storeFile(ctx, corpId, input.use, Buffer.from(input.content, 'base64')),
})

const yearSeconds = 31_536_000

/** Nobody guesses a hash: only those know it who saw the page that shows the file. */
export const showFile = pageCall({
  method: 'GET',
  path: '/web/files/file',
  access: person,
  input: { hash: text('SHA-256', { max: 64 }) },
  output: fileSchema,
  async handle(ctx: Core, { input, corpId, request, reply }) {
    const etag = `"${input.hash}"`
    const file = await readFile(ctx, corpId, input.hash)
    if (!file)
      throw new ApiError('badParameter', { zh: '文件不存在', en: 'there is no such file' }, { status: 404 })
    reply.header('etag', etag).header('content-security-policy', "default-src 'none'; sandbox")
    if (request.headers['if-none-match'] === etag)
      return reply.header('cache-control', `private, max-age=${yearSeconds}`).code(304).send()
    return ready({ file: file.bytes, type: file.type, maxAgeSeconds: yearSeconds })
  },
})
