import { OddPattern, type PatternBranch, type Piece, waysThrough } from './pattern.ts'

/** What is left of a service's pattern as origins and prefixes of paths. It never matches what the pattern does not. */
export type NarrowedPattern = { services: string[]; notes: string[] }

type UrlPattern = { origin: string; path: string; isPrefix: boolean; notes: string[] }

/**
 * Turns the pattern of a service in Apereo's registry into wisp's services, where that does not make it wider: a prefix of a path is also
 * what lies below it, so an address that has to be met exactly is left out, unless what lies below it is allowed too.
 */
export function narrow(pattern: string, allowsHttp: boolean): NarrowedPattern {
  const notes = new Set<string>()
  const read: UrlPattern[] = []
  try {
    const { ways, isWhole } = waysThrough(pattern)
    if (!isWhole) notes.add('重复的部分只按出现一次处理')
    for (const way of ways) read.push(...tried(way, allowsHttp, notes))
  } catch (error) {
    if (!(error instanceof OddPattern)) throw error
    return { services: [], notes: [error.message] }
  }
  for (const note of read.flatMap(one => one.notes)) notes.add(note)
  return { services: joined(read, notes), notes: [...notes] }
}

function tried(way: PatternBranch, allowsHttp: boolean, notes: Set<string>): UrlPattern[] {
  try {
    const found = readWay(way)
    if (allowsHttp) return found
    const secure = found.filter(one => one.origin.startsWith('https:'))
    if (secure.length < found.length) notes.add('http 地址略去（需要时加 --allow-http）')
    return secure
  } catch (error) {
    if (!(error instanceof OddPattern)) throw error
    notes.add(error.message)
    return []
  }
}

function readWay(way: PatternBranch): UrlPattern[] {
  const text = (from: number, to?: number) =>
    way
      .slice(from, to)
      .map(piece => (piece.kind === 'char' ? piece.char : '\0'))
      .join('')
  const [scheme] = /^https?:\/\//i.exec(text(0)) ?? []
  if (scheme === undefined)
    throw new OddPattern(/^[a-z]+:\/\//i.test(text(0)) ? '不是网页地址的部分略去' : '没有限定 https 和域名')
  const end = way.findIndex(
    (piece, at) => at >= scheme.length && piece.kind === 'char' && /[/:?]/.test(piece.char),
  )
  const isEnded = end >= 0
  const { hosts, isOpen, notes } = readHost(way.slice(scheme.length, isEnded ? end : undefined))
  if (isOpen && isEnded) throw new OddPattern('域名中间的 .* 不能收窄')
  const rest = isEnded ? way.slice(end) : isOpen ? [{ kind: 'any' } as const] : []
  const { port, after } = readPort(rest)
  const { path, isPrefix, isInexact } = readPath(after, isOpen)
  if (isInexact) notes.push('路径里未转义的 . 按字面处理')
  return hosts.map(host => ({ origin: `${scheme.toLowerCase()}${host}${port}`, path, isPrefix, notes }))
}

/** `isOpen`: the pattern says nothing of where the host ends. */
function readHost(pieces: readonly Piece[]): { hosts: string[]; isOpen: boolean; notes: string[] } {
  const notes: string[] = []
  const isOpen = pieces.length > 1 && pieces.at(-1)?.kind === 'any'
  const known = isOpen ? pieces.slice(0, -1) : pieces
  const [first, ...others] = known
  const isStarred = first !== undefined && first.kind !== 'char' && first.kind !== 'dot'
  const named = (isStarred ? others : known).map(piece => {
    if (piece.kind === 'char') return piece.char
    if (piece.kind !== 'dot') throw new OddPattern('域名中间不确定，不能收窄')
    notes.push('域名里未转义的 . 按字面处理')
    return '.'
  })
  const name = named.join('').toLowerCase()
  if (!/^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name) && name !== 'localhost')
    throw new OddPattern(name === '' || isStarred ? '没有限定域名' : `域名 ${name.slice(0, 100)} 不能收窄`)
  if (isOpen) notes.push('域名之后的任意内容按 / 处理')
  if (!isStarred) {
    if (name.startsWith('.')) throw new OddPattern('没有限定域名')
    return { hosts: [name], isOpen, notes }
  }
  const bare = name.replace(/^\./, '')
  if (bare.split('.').length < 2) throw new OddPattern('没有限定域名')
  if (first.kind !== 'label') notes.push('任意层级的子域名收窄为一级')
  if (name.startsWith('.')) return { hosts: [`*.${bare}`], isOpen, notes }
  if (first.kind === 'label') throw new OddPattern('域名中间不确定，不能收窄')
  // Whatever stands before it may also be nothing, or a label and a dot.
  return { hosts: [bare, `*.${bare}`], isOpen, notes }
}

function readPort(rest: readonly Piece[]): { port: string; after: readonly Piece[] } {
  const [first] = rest
  if (first?.kind !== 'char' || first.char !== ':') return { port: '', after: rest }
  const end = rest.findIndex((piece, at) => at > 0 && !(piece.kind === 'char' && /\d/.test(piece.char)))
  const digits = rest
    .slice(1, end < 0 ? undefined : end)
    .map(piece => (piece.kind === 'char' ? piece.char : ''))
  const after = end < 0 ? [] : rest.slice(end)
  const [next] = after
  const isClear = next === undefined || (next.kind === 'char' && /[/?]/.test(next.char))
  if (digits.length === 0 || !isClear) throw new OddPattern('端口不确定，不能收窄')
  return { port: `:${digits.join('')}`, after }
}

function readPath(
  pieces: readonly Piece[],
  isOpen: boolean,
): { path: string; isPrefix: boolean; isInexact: boolean } {
  if (isOpen) return { path: '/', isPrefix: true, isInexact: false }
  const end = pieces.findIndex(piece => piece.kind === 'any')
  if (end >= 0 && pieces.slice(end).some(piece => piece.kind !== 'any'))
    throw new OddPattern('路径中间的 .* 不能收窄')
  const literal = end < 0 ? pieces : pieces.slice(0, end)
  if (literal.some(piece => piece.kind === 'label' || piece.kind === 'part'))
    throw new OddPattern('路径中间不确定，不能收窄')
  const isInexact = literal.some(piece => piece.kind === 'dot')
  const text = literal.map(piece => (piece.kind === 'char' ? piece.char : '.')).join('')
  const [path = '', query] = text.split(/\?(.*)/s)
  // With a query it is one path with parameters, and nothing below it.
  const isPrefix = end >= 0 && query === undefined
  return { path: path === '' ? '/' : path, isPrefix, isInexact }
}

/** Prefixes, and those exact paths that one of them holds. */
function joined(read: readonly UrlPattern[], notes: Set<string>): string[] {
  const prefixes = new Set<string>()
  const exact = new Set(read.filter(one => !one.isPrefix).map(one => one.origin + one.path))
  for (const { origin, path, isPrefix } of read) {
    if (!isPrefix) continue
    if (!path.endsWith('/')) notes.add(`${path} 之后的任意内容收窄为 ${path} 及其下级`)
    // Where the path itself is allowed beside what is below it, one prefix says both.
    const isItself = path.length > 1 && path.endsWith('/') && exact.has((origin + path).slice(0, -1))
    prefixes.add(isItself ? (origin + path).slice(0, -1) : origin + path)
  }
  const isHeld = (address: string) =>
    [...prefixes].some(one => address === one || address.startsWith(one.endsWith('/') ? one : `${one}/`))
  for (const address of exact)
    if (!isHeld(address)) notes.add(`${address} 只匹配一个地址，按前缀会更宽，略去`)
  const found = [...prefixes].filter(
    one =>
      ![...prefixes].some(
        other => other !== one && one.startsWith(other.endsWith('/') ? other : `${other}/`),
      ),
  )
  return found.sort()
}
