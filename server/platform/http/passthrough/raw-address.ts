import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

/** A query as it came, without what was meant for wisp; `pairs` are its names and values as they read. */
export type RawQuery = { raw: string; pairs: readonly (readonly [name: string, value: string])[] }

const pathAtMost = 128
const plainPath = /^[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/
const plainQuery = /^[!-~]*$/

/**
 * What stands behind the prefix in the address as it came, before anybody decoded it. Throws 404 for whatever a vendor's path never
 * has: dots, doubled slashes, percent signs, another host; and for one that begins with the vendor's own folder.
 */
export function pathBehind(prefix: string, folder: string, url: string): string {
  const [whole = ''] = url.split('?', 1)
  const path = whole.startsWith(prefix) ? whole.slice(prefix.length) : ''
  if (path.length <= pathAtMost && plainPath.test(path)) return path
  const meant = path.startsWith(folder) ? path.slice(folder.length, folder.length + pathAtMost) : ''
  if (plainPath.test(meant))
    throw new ApiError(
      'badParameter',
      {
        zh: told`路径应去掉 ${own(folder)}：${own(prefix)}${meant}`,
        en: told`leave ${own(folder)} out of the path: ${own(prefix)}${meant}`,
      },
      { status: 404 },
    )
  throw new ApiError(
    'badParameter',
    {
      zh: told`${own(prefix)} 后面应是接口的路径，只含字母、数字、_ 和单个 /（不能有 ..、//、%2e 或其他主机），最多 ${own(pathAtMost)} 个字符`,
      en: told`behind ${own(prefix)} stands the path of a call, of letters, digits, _ and single slashes (no .., //, %2e or another host), at most ${own(pathAtMost)} characters`,
    },
    { status: 404 },
  )
}

/** The raw query of an address, without the parameters of these names. Throws 1000 for what cannot be read. */
export function readQuery(url: string, ownNames: readonly string[]): RawQuery {
  const at = url.indexOf('?')
  const whole = at < 0 ? '' : url.slice(at + 1)
  if (!plainQuery.test(whole)) throw unreadable()
  const kept: string[] = []
  const pairs: [string, string][] = []
  for (const part of whole.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decoded(equals < 0 ? part : part.slice(0, equals))
    if (ownNames.includes(name)) continue
    kept.push(part)
    pairs.push([name, equals < 0 ? '' : decoded(part.slice(equals + 1))])
  }
  return { raw: kept.join('&'), pairs }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw unreadable()
  }
}

function unreadable(): ApiError {
  return new ApiError('badParameter', {
    zh: '查询参数的编码有误，应为 UTF-8 的百分号编码',
    en: 'the query is not encoded correctly: it should be percent-encoded UTF-8',
  })
}
