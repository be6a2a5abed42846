import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSearchIndex, type SearchFields, type SearchIndex } from './search-index.ts'

const PLAIN = { offset: 0, limit: 50, mobile: true }

function member(fields: Partial<SearchFields>): SearchFields {
  return { userId: '', name: '', alias: '', mobile: '', pinyin: '', ...fields }
}

/** A plain implementation of the documented rules, without postings, bytes or shared code. */
function naiveTier(fields: SearchFields, query: string, mobile: boolean): number {
  const fold = (text: string) => text.toWellFormed().normalize('NFKC').toLowerCase()
  const text = fold(query).trim()
  const tiers = [fields.userId, fields.name, fields.alias].map(field => naiveTextTier(fold(field), text))
  if (mobile) {
    const folded = fold(fields.mobile)
    tiers.push(folded === text ? 0 : folded.startsWith(text) ? 1 : folded.includes(text) ? 3 : 4)
  }
  const compact = text.replace(/[\s'’]/g, '').replaceAll('ü', 'v')
  if (/^[a-z\p{Script=Han}]*[a-z][a-z\p{Script=Han}]*$/u.test(compact)) {
    const han = [...fold(fields.name)].filter(c => /\p{Script=Han}/u.test(c))
    for (const reading of fold(fields.pinyin).replaceAll('ü', 'v').split('|')) {
      const syllables = reading.split(' ').filter(s => s !== '')
      if (syllables.length > 0) tiers.push(naivePinyinTier(syllables, han, compact))
    }
  }
  return Math.min(...tiers)
}

function naiveTextTier(field: string, text: string): number {
  if (field === text) return 0
  if (field.startsWith(text)) return 1
  for (let i = 1; i <= field.length - text.length; i++) {
    if (field.startsWith(text, i) && /(?![a-z0-9])\p{ASCII}/u.test(field[i - 1]!)) return 2
  }
  return field.includes(text) ? 3 : 4
}

function naivePinyinTier(syllables: string[], han: string[], query: string): number {
  if (syllables.join('') === query || syllables.map(s => s[0]).join('') === query) return 0
  const pure = /^[a-z]+$/.test(query)
  if (!pure && han.length !== syllables.length) return 4
  const spend = (rest: string, at: number): boolean => {
    if (rest === '') return true
    const syllable = syllables[at]
    if (syllable === undefined) return false
    const first = String.fromCodePoint(rest.codePointAt(0)!)
    if (!pure && first === han[at] && spend(rest.slice(first.length), at + 1)) return true
    for (let k = 1; k <= syllable.length && k <= rest.length; k++) {
      if (/^[a-z]+$/.test(rest.slice(0, k)) && rest.slice(0, k) === syllable.slice(0, k)) {
        if (spend(rest.slice(k), at + 1)) return true
      }
    }
    return false
  }
  if (spend(query, 0)) return 1
  return syllables.some((_, i) => i > 0 && spend(query, i)) ? 2 : 4
}

function naiveSearch(corp: Map<number, SearchFields>, query: string, mobile: boolean): number[] {
  if (query.trim() === '') return []
  const fold = (text: string) =>
    Array.from(text.toWellFormed().normalize('NFKC').toLowerCase(), c => c.codePointAt(0)!)
  const byCodes = (a: number[], b: number[]) => {
    const at = a.findIndex((code, i) => code !== b[i])
    return at < 0 ? a.length - b.length : at >= b.length ? 1 : a[at]! - b[at]!
  }
  return [...corp]
    .map(([ordinal, f]) => ({
      ordinal,
      tier: naiveTier(f, query, mobile),
      name: fold(f.name),
      id: fold(f.userId),
    }))
    .filter(row => row.tier < 4)
    .sort(
      (a, b) =>
        a.tier - b.tier ||
        a.name.length - b.name.length ||
        byCodes(a.name, b.name) ||
        byCodes(a.id, b.id) ||
        a.ordinal - b.ordinal,
    )
    .map(row => row.ordinal)
}

const syllable = fc.constantFrom(
  'zhang',
  'san',
  'si',
  'xi',
  'an',
  'xian',
  'e',
  'ang',
  'lv',
  'a',
  'shan',
  'ng',
)
const reading = fc.array(syllable, { minLength: 1, maxLength: 4 }).map(s => s.join(' '))
const han = fc.constantFrom('张', '三', '四', '单', '西', '安', '𠮷', '吕')
const letter = fc.constantFrom(
  'a',
  'n',
  's',
  'z',
  'e',
  'A',
  '1',
  '3',
  '8',
  '0',
  '%',
  '_',
  ' ',
  '.',
  'ü',
  'é',
  'Ａ',
  '·',
  '😀',
)
const latin = fc.array(letter, { maxLength: 9 }).map(l => l.join(''))
const name = fc.oneof(
  { weight: 4, arbitrary: fc.array(han, { minLength: 1, maxLength: 4 }).map(h => h.join('')) },
  fc.array(fc.oneof(han, letter), { maxLength: 5 }).map(c => c.join('')),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const userId = fc.oneof(
  latin,
  reading.map(r => r.replaceAll(' ', '')),
  fc.nat(3000).map(n => `user${n}`),
)
const digits = fc.array(fc.constantFrom('0', '1', '3', '8'), { maxLength: 11 }).map(d => d.join(''))
const anyFieldsOf: fc.Arbitrary<SearchFields> = fc.record({
  userId,
  name,
  alias: fc.oneof(fc.constant(''), latin, name),
  mobile: fc.oneof(digits, fc.constant('+86-13800138000')),
  pinyin: fc.oneof(
    fc.constant(''),
    reading,
    fc.tuple(reading, reading).map(r => r.join('|')),
  ),
})
/** Names with one syllable per Chinese character and other characters anywhere between. */
const alignedOf: fc.Arbitrary<SearchFields> = fc
  .array(fc.record({ before: fc.constantFrom('', '', '', 'A', '·', '1 '), han, syllable }), {
    minLength: 1,
    maxLength: 4,
  })
  .map(parts =>
    member({
      name: parts.map(part => part.before + part.han).join(''),
      pinyin: parts.map(part => part.syllable).join(' '),
    }),
  )
const fieldsOf = fc.oneof({ weight: 2, arbitrary: anyFieldsOf }, alignedOf)
const queryOf = fc.oneof(
  latin,
  name,
  digits,
  userId,
  reading,
  fc
    .array(
      fc.constantFrom('z', 'zh', 'zhang', 's', 'san', 'x', 'xi', 'a', 'an', 'e', 'l', 'lü', '张', '三', ' '),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map(p => p.join('')),
)

function load(index: SearchIndex, corp: Map<number, SearchFields>) {
  for (const [ordinal, fields] of corp) index.set(ordinal, fields)
}

function settle(index: SearchIndex) {
  while (index.step()) {}
}

describe('against the plain reading of the rules', () => {
  const corpOf = fc.array(fieldsOf, { maxLength: 60 })
  const queriesOf = fc.array(queryOf, { minLength: 1, maxLength: 12 })

  test.each([
    ['scanned only', { batch: 1000, segment: 1000 }],
    ['many small segments', { batch: 3, segment: 16 }],
    ['one segment', { batch: 1, segment: 1000 }],
  ])('same members in the same order, %s', (_, tuning) => {
    fc.assert(
      fc.property(corpOf, queriesOf, fc.boolean(), (members, queries, mobile) => {
        const corp = new Map(members.entries())
        const index = createSearchIndex(tuning)
        load(index, corp)
        if (tuning.batch === 1) settle(index)
        for (const query of queries) {
          expect(index.search(query, { offset: 0, limit: 1000, mobile })).toEqual(
            naiveSearch(corp, query, mobile),
          )
        }
      }),
      { numRuns: 300 },
    )
  })

  test('after any sequence of set and remove, with searches in between', () => {
    const stepOf = fc.oneof(
      { weight: 4, arbitrary: fc.record({ set: fc.nat(40), fields: fieldsOf }) },
      { weight: 2, arbitrary: fc.record({ remove: fc.nat(40) }) },
      { weight: 1, arbitrary: fc.record({ query: queryOf }) },
      { weight: 1, arbitrary: fc.record({ steps: fc.nat(60) }) },
    )
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 200, size: 'max' }), queriesOf, (steps, queries) => {
        const corp = new Map<number, SearchFields>()
        const index = createSearchIndex({ batch: 3, segment: 16 })
        const check = (query: string) =>
          expect(index.search(query, { ...PLAIN, limit: 1000 })).toEqual(naiveSearch(corp, query, true))
        for (const step of steps) {
          if ('set' in step) {
            index.set(step.set, step.fields)
            corp.set(step.set, step.fields)
          } else if ('remove' in step) {
            index.remove(step.remove)
            corp.delete(step.remove)
          } else if ('query' in step) check(step.query)
          else for (let n = 0; n < step.steps; n++) index.step()
          expect(index.size).toBe(corp.size)
        }
        for (const query of queries) check(query)
      }),
      { numRuns: 300 },
    )
  })

  test('pages join without gap or overlap, and allow filters before paging', () => {
    fc.assert(
      fc.property(
        corpOf,
        queryOf,
        fc.integer({ min: 1, max: 7 }),
        fc.nat(3),
        (members, query, limit, modulus) => {
          const corp = new Map(members.entries())
          const allow = (ordinal: number) => modulus === 0 || ordinal % (modulus + 1) === 0
          const index = createSearchIndex({ batch: 4, segment: 16 })
          load(index, corp)
          const paged: number[] = []
          for (let offset = 0; ; offset += limit) {
            const page = index.search(query, { offset, limit, mobile: true, allow })
            expect(page.length).toBeLessThanOrEqual(limit)
            if (page.length === 0) break
            paged.push(...page)
          }
          expect(paged).toEqual(naiveSearch(corp, query, true).filter(allow))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('the order does not depend on ordinals or on the order of arrival', () => {
    const distinct = fc.uniqueArray(fieldsOf, {
      maxLength: 40,
      selector: f => f.userId.toWellFormed().normalize('NFKC').toLowerCase(),
    })
    const shuffled = distinct.chain(m =>
      fc.tuple(fc.constant(m), fc.shuffledSubarray(m, { minLength: m.length })),
    )
    fc.assert(
      fc.property(shuffled, queriesOf, ([members, other], queries) => {
        const one = createSearchIndex({ batch: 4, segment: 16 })
        const two = createSearchIndex({ batch: 7, segment: 32 })
        load(one, new Map(members.entries()))
        load(two, new Map(other.entries()))
        for (const query of queries) {
          const idsOf = (index: SearchIndex, list: SearchFields[]) =>
            index.search(query, PLAIN).map(ordinal => list[ordinal]!.userId)
          expect(idsOf(two, other)).toEqual(idsOf(one, members))
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('at size', () => {
  test('changes without end, and nobody searches: what they replaced is not kept', () => {
    const index = createSearchIndex({ batch: 4, segment: 64 })
    for (let n = 0; n < 200_000; n++) index.set(n % 50, member({ userId: `u${n % 50}`, name: `第${n}次` }))
    expect(index.size).toBe(50)
    expect(index.memoryBytes()).toBeLessThan(400_000)
    const query = { ...PLAIN, limit: 1000 }
    expect(index.search('次', query)).toHaveLength(50)
    settle(index)
    expect(index.search('次', query)).toHaveLength(50)
  })

  test('20,000 members, most of them replaced while searches run, agree with the rules', () => {
    const surnames = '王李张刘陈杨黄赵吴周'
    const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平'
    const corp = new Map<number, SearchFields>()
    const index = createSearchIndex({ batch: 128, segment: 8192 })
    let state = 1
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const put = (ordinal: number) => {
      const fields = member({
        userId: `u${random(1e6)}`,
        name: surnames[random(10)]! + given[random(20)]! + (random(2) ? given[random(20)]! : ''),
        mobile: `1${3 + random(7)}${String(random(1e9)).padStart(9, '0')}`,
      })
      index.set(ordinal, fields)
      corp.set(ordinal, fields)
    }
    for (let i = 0; i < 20_000; i++) put(i)
    for (let i = 0; i < 15_000; i++) {
      put(random(20_000))
      if (i % 5 === 0) index.search('王', PLAIN)
      if (i % 7 === 0) {
        const gone = random(20_000)
        index.remove(gone)
        corp.delete(gone)
      }
    }
    for (const query of ['王', '伟芳', '138', 'u77', '5', '王伟', 'zzz', '0000']) {
      expect(index.search(query, { ...PLAIN, limit: 1e6 })).toEqual(naiveSearch(corp, query, true))
    }
    expect(index.size).toBe(corp.size)
    expect(index.memoryBytes() / corp.size).toBeLessThan(250)
  })
})
