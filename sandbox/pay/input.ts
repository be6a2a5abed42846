import { PayError } from './error.ts'

export type Input = Record<string, unknown>

interface TextRule {
  least?: number
  most: number
  pattern?: RegExp
}

/** Reads the fields of a call by their pointer, such as `/amount/total`; what is wrong is PARAM_ERROR with its detail. */
export class Fields {
  readonly #input: Input
  readonly #location: 'body' | 'query' | 'url'

  constructor(input: Input, location: 'body' | 'query' | 'url' = 'body') {
    this.#input = input
    this.#location = location
  }

  /** The value at the pointer as it came; undefined when missing. */
  at(pointer: string): unknown {
    let value: unknown = this.#input
    for (const name of pointer.split('/').slice(1)) {
      if (value === undefined) return undefined
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw this.wrong(pointer, '不是有效的JSON对象')
      value = (value as Input)[name]
    }
    return value ?? undefined
  }

  /** A text of `least` (1) to `most` characters; undefined when missing. */
  text(pointer: string, { least = 1, most, pattern }: TextRule): string | undefined {
    const value = this.at(pointer)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw this.wrong(pointer, '输入源类型与目标类型string不一致')
    const { length } = [...value]
    if (length < least) throw this.wrong(pointer, `字符串长度${length}不满足最小长度${least}`)
    if (length > most) throw this.wrong(pointer, `字符串长度${length}超过最大长度${most}`)
    if (pattern && !pattern.test(value)) throw this.wrong(pointer, '格式不正确')
    return value
  }

  requiredText(pointer: string, rule: TextRule): string {
    const value = this.text(pointer, rule)
    if (value === undefined) throw this.wrong(pointer, '输入源缺少必填字段')
    return value
  }

  /** A whole number from `least` on. */
  integer(pointer: string, least: number): number {
    const value = this.at(pointer)
    if (value === undefined) throw this.wrong(pointer, '输入源缺少必填字段')
    if (typeof value !== 'number' || !Number.isInteger(value) || value > 2_147_483_647)
      throw this.wrong(pointer, '输入源类型与目标类型int不一致')
    if (value < least) throw this.wrong(pointer, `数值${value}小于最小值${least}`)
    return value
  }

  /** One of these texts; undefined when missing. */
  oneOf<T extends string>(pointer: string, values: readonly T[]): T | undefined {
    const value = this.at(pointer)
    if (value === undefined) return undefined
    if (!values.includes(value as T)) throw this.wrong(pointer, `取值不在${values.join('、')}中`)
    return value as T
  }

  /** Refuses what WeChat Pay does not know; what is below a known pointer is free. */
  only(known: readonly string[]): void {
    const check = (value: unknown, at: string): void => {
      if (known.includes(at)) return
      const isParent = at === '' || known.some(pointer => pointer.startsWith(`${at}/`))
      if (!isParent || typeof value !== 'object' || value === null)
        throw this.wrong(at, '字段不存在', 270924358)
      for (const [key, below] of Object.entries(value)) check(below, `${at}/${key}`)
    }
    check(this.#input, '')
  }

  /** PARAM_ERROR about this field. */
  wrong(pointer: string, issue: string, internal?: number): PayError {
    return new PayError('PARAM_ERROR', {
      message: `输入源“/${this.#location}${pointer}”映射到字段“${pointer.split('/').at(-1)}”规则校验失败，${issue}`,
      detail: { field: pointer, value: this.#valueAt(pointer), issue, location: this.#location },
      ...(internal !== undefined && { internal }),
    })
  }

  #valueAt(pointer: string): unknown {
    let value: unknown = this.#input
    for (const name of pointer.split('/').slice(1))
      value = typeof value === 'object' && value !== null ? (value as Input)[name] : undefined
    return value ?? null
  }
}
