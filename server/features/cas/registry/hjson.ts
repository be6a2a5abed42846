/**
 * Reads the HJSON in which Apereo's registry is written: JSON with comments, texts in ''' or without quotes, and commas that may be
 * missing or too many. Throws SyntaxError.
 */
export function parseHjson(text: string): unknown {
  const reader = new Reader(text.replace(/^\ufeff/, ''))
  const value = reader.value()
  reader.end()
  return value
}

const depthAtMost = 50

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): unknown {
    this.#skip()
    const first = this.#text[this.#at]
    if (first === undefined) throw this.#wrong('the end')
    if (first === '{') return this.#within(() => this.#object())
    if (first === '[') return this.#within(() => this.#array())
    if (this.#text.startsWith("'''", this.#at)) return this.#lines()
    if (first === '"' || first === "'") return this.#quoted(first)
    return this.#bare()
  }

  end(): void {
    this.#skip()
    if (this.#at < this.#text.length) throw this.#wrong('more')
  }

  #within<T>(read: () => T): T {
    if (++this.#depth > depthAtMost) throw this.#wrong('too many levels')
    this.#at++
    const value = read()
    this.#depth--
    return value
  }

  #object(): Record<string, unknown> {
    const found: [string, unknown][] = []
    while (!this.#closes('}')) {
      const name = this.#name()
      this.#skip()
      if (this.#text[this.#at] !== ':') throw this.#wrong('a name without a colon')
      this.#at++
      found.push([name, this.value()])
    }
    return Object.fromEntries(found)
  }

  #array(): unknown[] {
    const found: unknown[] = []
    while (!this.#closes(']')) found.push(this.value())
    return found
  }

  /** Skips commas, wherever they are. */
  #closes(end: '}' | ']'): boolean {
    this.#skip()
    while (this.#text[this.#at] === ',') {
      this.#at++
      this.#skip()
    }
    if (this.#at >= this.#text.length) throw this.#wrong('the end')
    if (this.#text[this.#at] !== end) return false
    this.#at++
    return true
  }

  #name(): string {
    const first = this.#text[this.#at]
    if (first === '"' || first === "'") return this.#quoted(first)
    const name = /[^\s:,{}[\]"']+/y
    name.lastIndex = this.#at
    const [found] = name.exec(this.#text) ?? []
    if (found === undefined) throw this.#wrong('no name')
    this.#at += found.length
    return found
  }

  #quoted(quote: string): string {
    const start = ++this.#at
    let text = ''
    for (let from = start; ; ) {
      const one = this.#text[this.#at]
      if (one === undefined || one === '\n') throw this.#wrong('a text without an end')
      if (one !== '\\' && one !== quote) {
        this.#at++
        continue
      }
      text += this.#text.slice(from, this.#at)
      if (one === quote) break
      text += this.#escape()
      from = this.#at
    }
    this.#at++
    return text
  }

  #escape(): string {
    const code = this.#text[this.#at + 1] ?? ''
    const hex = /^[0-9a-f]{4}$/i.exec(this.#text.slice(this.#at + 2, this.#at + 6))?.[0]
    if (code === 'u' && hex) {
      this.#at += 6
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    this.#at += 2
    return escapes[code] ?? code
  }

  /** Lines are indented as the first quote is. */
  #lines(): string {
    const end = this.#text.indexOf("'''", this.#at + 3)
    if (end < 0) throw this.#wrong('a text without an end')
    const line = this.#text.slice(this.#text.lastIndexOf('\n', this.#at) + 1, this.#at)
    const text = this.#text.slice(this.#at + 3, end).replaceAll('\r', '')
    this.#at = end + 3
    const indent = new RegExp(`\n[ \t]{0,${line.length}}`, 'g')
    return text
      .replace(/^[ \t]*\n/, '\n')
      .replace(indent, '\n')
      .replace(/^\n/, '')
      .replace(/\n[ \t]*$/, '')
  }

  /** A number, true, false, null, or a text to the end of its line. */
  #bare(): unknown {
    const literal = /(true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?=[ \t]*(?:[,\]}\r\n#]|\/\/|\/\*|$))/iy
    literal.lastIndex = this.#at
    const [, found] = literal.exec(this.#text) ?? []
    if (found !== undefined) {
      this.#at += found.length
      // A number of Java may be larger than one of JavaScript, and is then of use only as a text.
      const value = JSON.parse(found.toLowerCase()) as unknown
      return typeof value === 'number' && !Number.isSafeInteger(value) && !found.includes('.') ? found : value
    }
    if (/[,:{}[\]]/.test(this.#text[this.#at] ?? '')) throw this.#wrong('no value')
    const end = this.#text.indexOf('\n', this.#at)
    const text = this.#text.slice(this.#at, end < 0 ? undefined : end)
    this.#at += text.length
    return text.trim()
  }

  #skip(): void {
    const blank = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
    blank.lastIndex = this.#at
    this.#at += blank.exec(this.#text)?.[0].length ?? 0
  }

  #wrong(what: string): SyntaxError {
    const line = this.#text.slice(0, this.#at).split('\n').length
    return new SyntaxError(`line ${line}: ${what}`)
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
