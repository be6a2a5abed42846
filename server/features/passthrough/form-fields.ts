import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import type { GivenName } from './given-name.ts'

const headAtMost = 4096
const valueAtMost = 128
const lineEnd = '\r\n'

const partsAtMost = 100
/** How much is searched before others get their turn, in bytes. */
const searchedAtOnce = 1_000_000

/** The names of a multipart form, with the values of those that are no files and short. Throws 1000 for what is no form. */
export async function formFields(type: string, bytes: Buffer): Promise<GivenName[]> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(type)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined) throw noForm()
  const fields: GivenName[] = []
  const first = Buffer.from(`--${mark}`)
  const next = Buffer.from(`${lineEnd}--${mark}`)
  let at = await find(bytes, first, 0)
  if (at < 0) throw noForm()
  for (;;) {
    const begin = at + first.length
    if (bytes.toString('latin1', begin, begin + 2) === '--') return fields
    if (fields.length === partsAtMost) throw tooManyParts()
    const end = await find(bytes, next, begin)
    if (end < 0) throw noForm()
    fields.push(fieldOf(bytes.subarray(begin, end)))
    at = end + lineEnd.length
  }
}

async function find(bytes: Buffer, mark: Buffer, from: number): Promise<number> {
  for (let at = from; at < bytes.length; at += searchedAtOnce) {
    if (at > from) await ownTurn()
    const found = bytes.subarray(at, at + searchedAtOnce + mark.length - 1).indexOf(mark)
    if (found >= 0) return at + found
  }
  return -1
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

function tooManyParts(): ApiError {
  return new ApiError('badParameter', {
    zh: told`multipart/form-data 超过 ${own(partsAtMost)} 个部分`,
    en: told`the multipart/form-data has more than ${own(partsAtMost)} parts`,
  })
}

function noForm(): ApiError {
  return new ApiError('badParameter', {
    zh: '请求体不是完整的 multipart/form-data：检查 boundary 与各部分的 Content-Disposition',
    en: 'the body is no whole multipart/form-data: check the boundary and the Content-Disposition of each part',
  })
}
