import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Data, parseTemplate } from './template.ts'

const member = { name: '张三', userId: 'zhangsan', department: '研发部' }
const rendered = (source: string, data: Data = {}) =>
  parseTemplate(source, 'content').render({ data, member, zone: 'Asia/Shanghai' }, 'content')

function refusal(work: () => unknown): string {
  try {
    return `accepted ${work()}`
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`
    throw error
  }
}

describe('a template', () => {
  it('fills in values and the receiver, and shows what `if` asks for', () => {
    expect(rendered('{{ member.name }}（{{member.department}}）：{{ n }} 项', { n: 3 })).toBe(
      '张三（研发部）：3 项',
    )
    const source = '完成{% if note %}，备注 {{ note }}{% endif %}'
    expect(rendered(source)).toBe('完成')
    expect(rendered(source, { note: '甲' })).toBe('完成，备注 甲')
  })

  it('writes numbers, money and times as wisp does, in the zone of the corp', () => {
    expect(rendered('{{ n | number }} {{ n | money }}', { n: 123_456 })).toBe('123,456 ¥1,234.56')
    const at = { at: '2026-11-30T16:30:00Z' }
    expect(rendered('{{ at | date }} {{ at | time }}', at)).toBe('2026-12-01 2026-12-01 00:30')
    expect(rendered('{{ note | default: "无" }} {{ s | truncate: 5 }}', { s: 'abcdefgh' })).toBe('无 ab...')
  })

  it('keeps a value within its place in an address, unless it is the address', () => {
    const address = (source: string, data: Data) =>
      parseTemplate(source, 'url', true).render({ data, member, zone: 'Asia/Shanghai' }, 'url')
    expect(address('https://a.example/{{ id }}?q={{ q }}', { id: '../x', q: '1&admin=1#' })).toBe(
      'https://a.example/..%2Fx?q=1%26admin%3D1%23',
    )
    expect(address('{{ link }}', { link: 'https://a.example/?q=1' })).toBe('https://a.example/?q=1')
  })

  it('says which variables it needs, and which may be left out', () => {
    const { needs, may, ofMember } = parseTemplate(
      '{{ a }}{% if b == "x" %}{{ c }}{% elsif d %}{{ member.name }}{% endif %}{{ e | default: a }}',
      'x',
    )
    expect([needs.toSorted(), may.toSorted(), ofMember]).toEqual([['a', 'c'], ['b', 'd', 'e'], ['name']])
  })

  it.each([
    ['a loop', '{% for x in a %}{{ x }}{% endfor %}', 'tag "for" not found'],
    ['a file', "{% include '/etc/passwd' %}", 'tag "include" not found'],
    ['a file by render', "{% render 'package.json' %}", 'tag "render" not found'],
    ['raw', '{% raw %}{{ a }}{% endraw %}', 'tag "raw" not found'],
    ['what only looks like a value', '{{ a', 'not closed'],
    ['an unknown filter', '{{ a | json }}', 'undefined filter: json'],
    ['properties of values', '{{ a.length }}', '变量名 a.length'],
    ['a value that names another', '{{ a[b] }}', '变量名'],
    ['a prototype', '{{ __proto__ }}', '变量名 __proto__'],
    ['what nobody knows of a member', '{{ member.mobile }}', '没有变量 member.mobile'],
    ['a member as a whole', '{{ member }}', '没有变量 member'],
    ['a megabyte', 'x'.repeat(1_000_000), '最长 20000 个字符'],
  ])('refuses %s', (_what, source, why) => {
    expect(refusal(() => parseTemplate(source, 'content'))).toMatch(/^1000 .*content/)
    expect(refusal(() => parseTemplate(source, 'content'))).toContain(why)
  })

  it('takes constructor for a name like any other, and finds nothing under it', () => {
    expect(parseTemplate('{{ constructor }}', 'x').needs).toEqual(['constructor'])
    expect(refusal(() => rendered('{{ constructor }}'))).toContain('缺少变量 constructor')
    expect(rendered('{{ constructor }}', { constructor: '甲' } as unknown as Data)).toBe('甲')
  })

  it.each([
    ['{{ a | number }}', '三', 'number'],
    ['{{ a | money }}', '', 'money'],
    ['{{ a | date }}', '12/1/2026', 'date'],
    ['{{ a | time }}', '2026-12-01T08:00', 'time'],
    ['{{ a | date }}', '2026-02-30', 'date'],
  ])('says which filter cannot take a value: %s of %s', (source, a, filter) => {
    expect(refusal(() => rendered(source, { a }))).toMatch(new RegExp(`^1000 .*content.*${filter}$`))
  })

  it('says which variable is missing that it asked for before', () => {
    expect(refusal(() => rendered('{% if a %}甲{% endif %}{{ a }}'))).toMatch(/^1000 .*content 缺少变量 a$/)
  })

  it('writes a day as it is, in every zone', () => {
    const template = parseTemplate('{{ a | date }}', 'content')
    const member = { name: '', userId: '', department: '' }
    const values = { data: { a: '2026-12-01' }, member, zone: 'America/New_York' }
    expect(template.render(values, 'content')).toBe('2026-12-01')
  })

  it('shows whatever a value is, and never takes it for a template', () => {
    const property = fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(rendered('[{{ a }}]', { a: text })).toBe(`[${text}]`)
    })
    fc.assert(property, { numRuns: 100, examples: [['{{ member.name }}'], ['{% if a %}'], ['<script>']] })
  })
})
