import type { FastifyRequest } from 'fastify'
import type { Input, Upload } from './call.ts'
import { OfficialError } from './error.ts'

export interface Body {
  input: Input
  upload: Upload | undefined
  form: boolean
}

/** Reads the query of a GET, or a body of JSON, of a form or with a file. An empty POST counts as `{}`. */
export async function readBody(request: FastifyRequest): Promise<Body> {
  if (request.method === 'GET')
    return {
      input: { ...(request.query as Input), ...(request.params as Input) },
      upload: undefined,
      form: false,
    }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readForm(body, type)
  if (type.startsWith('application/x-www-form-urlencoded') && body[0] !== 0x7b)
    return { input: fieldsOf(new URLSearchParams(body.toString('utf8'))), upload: undefined, form: true }
  return { input: readJson(body), upload: undefined, form: false }
}

function readJson(body: Buffer): Input {
  if (body.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw new OfficialError(47001)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new OfficialError(47001)
  return value as Input
}

async function readForm(body: Buffer, type: string): Promise<Body> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch {
    throw new OfficialError(41005)
  }
  const input: Input = {}
  let upload: Upload | undefined
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') input[name] = value
    else upload ??= { name: value.name, mime: value.type, bytes: Buffer.from(await value.arrayBuffer()) }
  }
  return { input, upload, form: true }
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
