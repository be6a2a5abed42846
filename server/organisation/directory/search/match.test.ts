import { describe, expect, test } from 'vitest'
import { createSearchIndex, type SearchFields, type SearchIndex } from './search-index.ts'

const PLAIN = { offset: 0, limit: 50, mobile: true }

function member(fields: Partial<SearchFields>): SearchFields {
  return { userId: '', name: '', alias: '', mobile: '', pinyin: '', ...fields }
}

/** Tests against a plain implementation of the documented rules, without postings, bytes or shared code. */

function load(index: SearchIndex, corp: Map<number, SearchFields>) {
  for (const [ordinal, fields] of corp) index.set(ordinal, fields)
}

describe('what finds whom', () => {
  const corp = [
    member({ userId: 'zs01', name: '张三', mobile: '13800138000', pinyin: 'zhang san' }),
    member({ userId: 'lisi', name: '李四', alias: 'Leo Zhang', mobile: '13900001234', pinyin: 'li si' }),
    member({ userId: 'u_100%', name: '单雄信', mobile: '', pinyin: 'shan xiong xin' }),
    member({ userId: 'wang.san', name: '王三张', mobile: '15000000000', pinyin: 'wang san zhang' }),
    member({ userId: 'x9', name: '张三丰', alias: '君宝', pinyin: 'zhang san feng' }),
    member({ userId: 'lb', name: '吕布', pinyin: 'lv bu' }),
  ]
  const index = createSearchIndex({ batch: 2, segment: 64 })
  load(index, new Map(corp.entries()))

  test.each([
    ['张', '张三 张三丰 王三张'],
    ['张三', '张三 张三丰'],
    ['三张', '王三张'],
    ['zs', '张三 张三丰'],
    ['zhangsan', '张三 张三丰'],
    ['zhang san', '张三 张三丰'],
    ['ZHANGS', '张三 张三丰'],
    ['zhsan', '张三 张三丰'],
    ['zhang', '张三 张三丰 李四 王三张'],
    ['hang', '李四'],
    ['sf', '张三丰'],
    ['张s', '张三 张三丰'],
    ['z三f', '张三丰'],
    ['张san丰', '张三丰'],
    ['sanzh', '王三张'],
    ['lü', '吕布'],
    ['138', '张三'],
    ['１３８００', '张三'],
    ['1234', '李四'],
    ['%', '单雄信'],
    ['_', '单雄信'],
    ['_1__', ''],
    ['san', '张三 张三丰 王三张'],
    ['.san', '王三张'],
    ['君', '张三丰'],
    ['不在', ''],
    ['', ''],
    [' ', ''],
    ['\u0000', ''],
    ['\ud800', ''],
  ])('%j finds %j', (query, names) => {
    const found = index.search(query, PLAIN).map(ordinal => corp[ordinal]!.name)
    expect(found.join(' ')).toBe(names)
  })

  test('without the right to mobiles they neither match nor rank', () => {
    expect(index.search('138', { ...PLAIN, mobile: false })).toEqual([])
    const two = createSearchIndex()
    two.set(0, member({ userId: 'a', name: '长名字', mobile: '77' }))
    two.set(1, member({ userId: 'b77', name: '短' }))
    expect(two.search('77', PLAIN)).toEqual([0, 1])
    expect(two.search('77', { ...PLAIN, mobile: false })).toEqual([1])
  })

  test('without readings they are those of the name', () => {
    const small = createSearchIndex()
    small.set(0, { userId: 'a', name: '仇英', alias: '', mobile: '' })
    expect(small.search('qiuying', PLAIN)).toEqual([0])
    expect(small.search('qy', PLAIN)).toEqual([0])
  })

  test('a change is seen by the next search, a removed ordinal is free for another member', () => {
    const small = createSearchIndex()
    small.set(7, member({ userId: 'a', name: '张三' }))
    small.set(7, member({ userId: 'a', name: '李四' }))
    expect(small.search('张', PLAIN)).toEqual([])
    expect(small.search('李', PLAIN)).toEqual([7])
    small.set(7, member({ userId: 'a', name: '赵六' }))
    small.remove(7)
    small.remove(7)
    small.remove(99_999)
    expect(small.size).toBe(0)
    small.set(7, member({ userId: 'b', name: '王五' }))
    expect(small.search('王', PLAIN)).toEqual([7])
  })

  test('a member replaced at the moment when a full batch waits for a build that holds it is found once', () => {
    const small = createSearchIndex({ batch: 100, segment: 4 })
    for (let i = 0; i < 8; i++) small.set(i, member({ userId: `a${i}` }))
    for (let i = 0; i < 8; i++) small.set(i, member({ userId: `ab${i}` }))
    expect(small.search('a', PLAIN)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(small.search('a0', PLAIN)).toEqual([])
  })

  test('texts beyond every limit of WeCom are kept whole', () => {
    const small = createSearchIndex({ batch: 1, segment: 64 })
    small.set(
      0,
      member({ userId: 'x'.repeat(5000), name: '字'.repeat(3000), alias: `${'y '.repeat(900)}needle` }),
    )
    while (small.step()) {}
    expect(small.search('needle', PLAIN)).toEqual([0])
    expect(small.search('x'.repeat(5000), PLAIN)).toEqual([0])
    expect(small.search('字'.repeat(2999), PLAIN)).toEqual([0])
  })
})
