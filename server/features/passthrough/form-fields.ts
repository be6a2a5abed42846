import { ApiError } from '../../platform/http/errors.ts'
import type { GivenName } from './given-name.ts'

const headAtMost = 4096
const valueAtMost = 128
const lineEnd = '\r\n'

/** The names of a multipart form, with the values of those that are no files and short. Throws 1000 for what is no form. */
export function formFields(type: string, bytes: Buffer): GivenName[] {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(type)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined) throw noForm()
  const fields: GivenName[] = []
  let at = bytes.indexOf(`--${mark}`)
  if (at < 0) throw noForm()
  for (;;) {
    const begin = at + mark.length + 2
    if (bytes.toString('latin1', begin, begin + 2) === '--') return fields
    const end = bytes.indexOf(`${lineEnd}--${mark}`, begin)
    if (end < 0) throw noForm()
    fields.push(fieldOf(bytes.subarray(begin, end)))
    at = end + lineEnd.length
  }
}

function fieldOf(part: Buffer): GivenName {
  const headEnd = part.indexOf(lineEnd + lineEnd)
  if (headEnd < 0 || headEnd > headAtMost) throw noForm()
  const head = part.toString('utf8', 0, headEnd)
  const name = /^content-disposition:[^\r\n]*?;\s*name=(?:"([^"]*)"|([^\s;"]+))/im.exec(head)
  if (!name) throw noForm()
  const value = part.subarray(headEnd + 2 * lineEnd.length)
  const isShort = value.length <= valueAtMost
  return { name: name[1] ?? name[2] ?? '', value: isShort ? value.toString('utf8') : undefined }
}

function noForm(): ApiError {
  return new ApiError('badParameter', {
    zh: '请求体不是完整的 multipart/form-data：检查 boundary 与各部分的 Content-Disposition',
    en: 'the body is no whole multipart/form-data: check the boundary and the Content-Disposition of each part',
  })
}
