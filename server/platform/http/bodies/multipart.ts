import { ownTurn } from '../../operation/own-turn.ts'
import type { Words } from '../../words.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

/** A part of a form; `fileName` is undefined for one that is no file. */
export type FormPart = { name: string; fileName: string | undefined; bytes: Buffer }

const headAtMost = 4096
const lineEnd = '\r\n'

const partsAtMost = 100
/** How much is searched before others get their turn, in bytes. */
const searchedAtOnce = 1_000_000

/**
 * The parts of a multipart form. `outcome` says what happened to the request, for errors. Throws 1000 for what is no form, and for what
 * another reader may read otherwise than this function: a part with two names, two parts of one name, two files.
 */
export async function formParts(type: string, bytes: Buffer, outcome: Words): Promise<FormPart[]> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(type)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined) throw noForm()
  const parts: FormPart[] = []
  const first = Buffer.from(`--${mark}`)
  const next = Buffer.from(`${lineEnd}--${mark}`)
  let at = await find(bytes, first, 0)
  if (at < 0) throw noForm()
  for (;;) {
    const begin = at + first.length
    if (bytes.toString('latin1', begin, begin + 2) === '--') return parts
    if (parts.length === partsAtMost) throw tooManyParts()
    const end = await find(bytes, next, begin)
    if (end < 0) throw noForm()
    const part = partOf(bytes.subarray(begin, end), outcome)
    if (parts.some(one => one.name === part.name)) throw sameName(part.name, outcome)
    const file = parts.find(one => one.fileName !== undefined)
    if (file && part.fileName !== undefined) throw twoFiles(file.name, part.name, outcome)
    parts.push(part)
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

function partOf(part: Buffer, outcome: Words): FormPart {
  const headEnd = part.indexOf(lineEnd + lineEnd)
  if (headEnd < 0 || headEnd > headAtMost) throw noForm()
  const lines = part.toString('utf8', 0, headEnd).replace(/^\r\n/, '').split(lineEnd)
  // Lines that go on in the next one, and line ends that only some readers know, could hide a name.
  if (!lines.every(line => headerLine.test(line))) throw noForm()
  const dispositions = lines.filter(line => /^content-disposition:/i.test(line))
  if (!dispositions.every(line => disposition.test(line))) throw noForm()
  const names = dispositions.flatMap(line => [...line.matchAll(parameter)])
  const [name, ...others] = names.filter(([, which = '']) => /^name\*?$/i.test(which))
  if (!name) throw noForm()
  if (others.length > 0 || dispositions.length > 1) throw twoNames([name, ...others].map(textIn), outcome)
  // Read with and without its escapes, these are two names.
  if (/\*$/.test(name[1] ?? '') || textIn(name).includes('\\')) throw noForm()
  const files = names.filter(([, which = '']) => /^filename\*?$/i.test(which))
  // Where both are given, the plain one is a stand-in for readers that do not know the other (RFC 6266).
  const file = files.find(([, which = '']) => which.endsWith('*')) ?? files[0]
  return {
    name: textIn(name),
    fileName: file && (/\*$/.test(file[1] ?? '') ? decoded(textIn(file)) : textIn(file)),
    bytes: part.subarray(headEnd + 2 * lineEnd.length),
  }
}

const headerLine = /^[\w!#$%&'*+.^`|~-]+:[^\p{Cc}\u2028\u2029]*$/u

/** What stands behind a semicolon, `name="x"` or `name=x`; semicolons in quotes begin none, and a quote in them has a backslash. */
const parameter = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g
/** The same from begin to end, so that nothing in it is read by others alone. */
const disposition = /^[\w-]+:\s*form-data(?:\s*;\s*[\w*-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;"]+))*\s*;?\s*$/i

function textIn([, , quoted, plain]: RegExpExecArray): string {
  return quoted ?? plain ?? ''
}

/** The text of a `filename*`, as RFC 8187 writes it and as Python's requests sends names that are not ASCII. */
function decoded(text: string): string {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(text)?.[1]
  if (encoded === undefined) return text
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw noForm()
  }
}

function twoNames(names: readonly string[], { zh, en }: Words): ApiError {
  const shown = names.join(', ')
  return new ApiError('badParameter', {
    zh: told`multipart 的一个部分只能有一个 name，这里有 ${shown}；${own(zh)}`,
    en: told`a part of the multipart body takes one name, and this one has ${shown}; ${own(en)}`,
  })
}

function sameName(name: string, { zh, en }: Words): ApiError {
  return new ApiError('badParameter', {
    zh: told`multipart 里有两个名为 ${name} 的部分，每个名字只能出现一次；${own(zh)}`,
    en: told`the multipart body has two parts named ${name}, and each name may be there once; ${own(en)}`,
  })
}

function twoFiles(first: string, second: string, { zh, en }: Words): ApiError {
  return new ApiError('badParameter', {
    zh: told`multipart 里有两个文件（${first}、${second}），一次只能传一个；${own(zh)}`,
    en: told`the multipart body has two files (${first}, ${second}), and one can be sent at a time; ${own(en)}`,
  })
}

function tooManyParts(): ApiError {
  return new ApiError('badParameter', {
    zh: told`multipart/form-data 超过 ${own(partsAtMost)} 个部分，请减少`,
    en: told`the multipart/form-data has more than ${own(partsAtMost)} parts: send fewer`,
  })
}

function noForm(): ApiError {
  return new ApiError('badParameter', {
    zh: '请求体不是完整的 multipart/form-data：检查 boundary 与各部分的 Content-Disposition',
    en: 'the body is no whole multipart/form-data: check the boundary and the Content-Disposition of each part',
  })
}
