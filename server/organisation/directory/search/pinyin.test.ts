import { expect, test } from 'vitest'
import { pinyinOf } from './pinyin.ts'

test.each([
  ['张三', 'zhang san'],
  ['曾国藩', 'zeng guo fan'],
  ['仇英', 'qiu ying'],
  ['吕布', 'lv bu'],
  ['Leo Chen', ''],
  ['', ''],
  ['13800138000', ''],
  ['😀', ''],
])('%s reads %j', (name, pinyin) => {
  expect(pinyinOf(name)).toBe(pinyin)
})

test.each([
  ['单雄信', 'shan xiong xin'],
  ['尉迟恭', 'yu chi gong'],
  ['欧阳修', 'ou yang xiu'],
  ['任重', 'ren zhong'],
  ['乐嘉', 'yue jia'],
])('the likeliest reading of %s is %j', (name, likeliest) => {
  expect(pinyinOf(name).split('|')[0]).toBe(likeliest)
})

test('given names carry their other readings, at most four in all, none twice', () => {
  expect(pinyinOf('张行').split('|')).toEqual(['zhang xing', 'zhang hang', 'zhang heng'])
  const readings = pinyinOf('王行乐重').split('|')
  expect(readings).toHaveLength(4)
  expect(new Set(readings).size).toBe(4)
})

test('there is one syllable for each Chinese character, whatever stands between them', () => {
  expect(pinyinOf('张三（销售）').split('|')[0]!.split(' ')).toHaveLength(4)
  expect(pinyinOf('A张·三 2')).toBe('zhang san')
  expect(pinyinOf('刘㴋')).toBe('liu 㴋')
  expect(pinyinOf('𠮷田').split(' ')).toHaveLength(2)
})
