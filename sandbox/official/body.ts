import type { FastifyRequest } from 'fastify'
import { readJsonObject } from '../http/json-object.ts'
import { readMultipart, type Upload } from '../http/multipart.ts'
import type { Call, Input } from './call.ts'
import { OfficialError } from './error.ts'

export interface Body {
  input: Input
  upload: Upload | undefined
  form: boolean
}

/** Reads the query of a GET, or a body of JSON, of a form or with a file. Throws 44002 for an empty POST. */
export async function readBody(request: FastifyRequest, { method, isPlain }: Call): Promise<Body> {
  if (request.method === 'GET')
    return {
      input: { ...(request.query as Input), ...(request.params as Input) },
      upload: undefined,
      form: false,
    }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length === 0 && method === 'POST') throw new OfficialError(44002)
  if (isPlain && /\\u[\da-f]{4}/i.test(body.toString('latin1'))) throw new OfficialError(40033)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readForm(body, type)
  if (type.startsWith('application/x-www-form-urlencoded') && body[0] !== 0x7b)
    return { input: fieldsOf(new URLSearchParams(body.toString('utf8'))), upload: undefined, form: true }
  return { input: readJson(body), upload: undefined, form: false }
}

function readJson(body: Buffer): Input {
  if (body.length === 0) return {}
  const value = readJsonObject(body)
  if (!value) throw new OfficialError(47001)
  return value
}

async function readForm(body: Buffer, type: string): Promise<Body> {
  const form = await readMultipart(body, type)
  if (!form) throw new OfficialError(41005)
  return { input: form.fields, upload: form.upload, form: true }
}

/** Fields that come several times, such as kidList, are lists. */
function fieldsOf(params: URLSearchParams): Input {
  const input: Input = {}
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key)
    input[key.replace(/\[\d*\]$/, '')] = values.length === 1 ? values[0] : values
  }
  return input
}
