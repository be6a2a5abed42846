/**
 * What a regular expression of Java matches, as far as it matters for addresses: every way through its alternatives, in pieces. `any` is
 * whatever comes, `label` something without dots and slashes, `part` something without slashes, `dot` one character that may be
 * anything.
 */
export type Piece = { kind: 'char'; char: string } | { kind: 'any' | 'label' | 'part' | 'dot' }
export type PatternBranch = readonly Piece[]

/** A pattern that this does not understand; nothing may be concluded from it. */
export class OddPattern extends Error {}

const waysAtMost = 64
const lengthAtMost = 2000

/** `isWhole` is false when the pattern matches more than the ways that are returned. Throws OddPattern. */
export function waysThrough(pattern: string): { ways: PatternBranch[]; isWhole: boolean } {
  if (pattern.length > lengthAtMost) throw new OddPattern('正则表达式太长')
  const reader = new Reader(pattern)
  const ways = reader.alternatives()
  reader.end()
  return { ways, isWhole: reader.isWhole }
}

const empty: PatternBranch = []

class Reader {
  readonly #text: string
  #at = 0
  isWhole = true

  constructor(text: string) {
    this.#text = text
  }

  end(): void {
    if (this.#at < this.#text.length) throw new OddPattern('括号不成对')
  }

  alternatives(): PatternBranch[] {
    const ways = this.#sequence()
    while (this.#text[this.#at] === '|') {
      this.#at++
      ways.push(...this.#sequence())
    }
    return limited(ways)
  }

  #sequence(): PatternBranch[] {
    let ways: PatternBranch[] = [empty]
    while (this.#at < this.#text.length && !')|'.includes(this.#text[this.#at] ?? '')) {
      const found = this.#quantified(this.#atom())
      ways = limited(ways.flatMap(way => found.map(next => [...way, ...next])))
    }
    return ways
  }

  #atom(): PatternBranch[] {
    const char = this.#text[this.#at++] ?? ''
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return this.#charClass()
      case '\\':
        return this.#escaped()
      case '.':
        return [[{ kind: 'dot' }]]
      case '^':
        if (this.#at > 1 && !/^(?:\(\?[a-z]*[:)]|[(^|])*\^$/.test(this.#text.slice(0, this.#at)))
          throw new OddPattern('^ 不在开头')
        return [empty]
      case '$':
        if (!/^[)$|]*$/.test(this.#text.slice(this.#at))) throw new OddPattern('$ 不在末尾')
        return [empty]
      case '*':
      case '+':
      case '?':
      case '{':
        throw new OddPattern(`${char} 前面没有内容`)
      default:
        return [[{ kind: 'char', char }]]
    }
  }

  #group(): PatternBranch[] {
    const flags = /^\?([a-z]*)([:)])/.exec(this.#text.slice(this.#at))
    if (flags) {
      // Case does not matter: hosts have none, and a path with its own case is narrower.
      if (/[^iu]/.test(flags[1] ?? '')) throw new OddPattern(`不支持 (${flags[0]}`)
      this.#at += flags[0].length
      if (flags[2] === ')') return [empty]
    } else if (this.#text[this.#at] === '?') throw new OddPattern('不支持前后查找 (?…)')
    const ways = this.alternatives()
    if (this.#text[this.#at++] !== ')') throw new OddPattern('括号不成对')
    return ways
  }

  #escaped(): PatternBranch[] {
    const char = this.#text[this.#at++]
    if (char === undefined) throw new OddPattern('末尾有多余的 \\')
    if (char === 'Q') {
      const end = this.#text.indexOf('\\E', this.#at)
      const literal = this.#text.slice(this.#at, end < 0 ? undefined : end)
      this.#at += literal.length + (end < 0 ? 0 : 2)
      return [[...literal].map(one => ({ kind: 'char', char: one }))]
    }
    if (char === 'd' || char === 'w') return [[{ kind: 'label' }]]
    if (char === 'S') return [[{ kind: 'dot' }]]
    if (/[A-Za-z0-9]/.test(char)) throw new OddPattern(`不支持 \\${char}`)
    return [[{ kind: 'char', char }]]
  }

  #charClass(): PatternBranch[] {
    const found = /^(\^?)((?:\\.|[^\]\\])+)\]/.exec(this.#text.slice(this.#at))
    if (!found || /\[|&&/.test(found[2] ?? '')) throw new OddPattern('方括号里的写法不支持')
    this.#at += found[0].length
    const [, not, inside = ''] = found
    const plain = inside.replace(/\\([^A-Za-z0-9])/g, '$1')
    if (not) {
      // Characters that no address holds in its path or query leave it as good as any.
      if (/^[#\s]+$/.test(plain.replaceAll('\\s', ' '))) return [[{ kind: 'dot' }]]
      if (plain.includes('/') && plain.includes('.')) return [[{ kind: 'label' }]]
      return plain.includes('/') ? [[{ kind: 'part' }]] : this.#never('方括号里的写法不支持')
    }
    if (!/\\|\w-\w/.test(plain) && plain.length <= 4) return [...plain].map(char => [{ kind: 'char', char }])
    if (/[/?:@]/.test(plain)) return this.#never('方括号里的写法不支持')
    return [[{ kind: plain.includes('.') ? 'part' : 'label' }]]
  }

  #never(why: string): never {
    throw new OddPattern(why)
  }

  #quantified(ways: PatternBranch[]): PatternBranch[] {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})[?+]?/.exec(this.#text.slice(this.#at))
    if (!found) return ways
    this.#at += found[0].length
    const [mark] = found[0]
    if (mark === '?') return [...ways, empty]
    const [least = 1] = [mark === '*' ? 0 : mark === '+' ? 1 : Number(found[1])]
    const [only] = ways
    const kind = ways.length === 1 && only?.length === 1 ? only[0]?.kind : undefined
    if (kind === 'dot' || kind === 'any') {
      if (found[1] !== undefined) throw new OddPattern(`不支持 ${found[0]}`)
      return [[{ kind: 'any' }]]
    }
    if (kind === 'label' || kind === 'part') return [[{ kind }], ...(least === 0 ? [empty] : [])]
    if (found[1] !== undefined) throw new OddPattern(`不支持 ${found[0]}`)
    // Once, or not at all, is some of what it matches.
    this.isWhole = false
    return least === 0 ? [...ways, empty] : ways
  }
}

function limited(ways: PatternBranch[]): PatternBranch[] {
  if (ways.length > waysAtMost) throw new OddPattern('可选的写法太多')
  return ways
}
