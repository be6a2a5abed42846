import { describe, expect, it } from 'vitest'
import { checkValues, fieldsOf, fitted, misfit, previewOf } from './fields.ts'

const template = (content: string, kind: 'template' | 'subscribe' = 'template') => ({
  kind,
  content,
  choices: {} as Record<string, string[]>,
})
const [long, old] = [
  template('主题：{{thing1.DATA}}\n时间：{{time2.DATA}}'),
  template('{{first.DATA}}\n事项：{{keyword1.DATA}}\n{{remark.DATA}}'),
]

describe('a typed field takes what WeChat takes', () => {
  const cases: [type: string, good: string[], bad: string[]][] = [
    ['thing', ['一', '长'.repeat(20), '会议 🎉'], ['长'.repeat(21), '🎉🎉']],
    ['number', ['1', '-2', '3.14', '1'.repeat(32)], ['1'.repeat(33), '一', '1.', '1e3']],
    ['letter', ['abc'], ['a1', 'a'.repeat(33)]],
    ['symbol', ['!?'], ['a', '!!!!!!']],
    ['character_string', ['NO-2026_1'], ['编号1', 'a b', 'a'.repeat(33)]],
    ['time', ['15:01', '2026-11-26 15:01', '2026年11月26日', '15:00~16:00'], ['下午', '3点', '15：01']],
    ['date', ['2026年11月26日', '2026-11-26 08:00'], ['15:01', '昨天']],
    ['amount', ['￥12.50', '100元', '9999999999'], ['12345678901', '十元', '￥￥1']],
    ['phone_number', ['+86 571-12345678'], ['电话', '1'.repeat(18)]],
    ['car_number', ['浙A12345'], ['浙A1234567']],
    ['name', ['张三', 'Ada Lovelace', '阿卜杜拉·买买提'], ['张3', '一'.repeat(11), 'a'.repeat(21)]],
    ['phrase', ['通过'], ['非常非常好', '通过！'].slice(1).concat('不同意的呢吗')],
    ['const', ['在线'], ['长'.repeat(21)]],
  ]
  it.each(cases)('%s', (type, good, bad) => {
    const field = { name: `${type}1`, label: '', type, choices: [] }
    expect(good.filter(value => misfit(field, value))).toEqual([])
    expect(bad.filter(value => !misfit(field, value))).toEqual([])
  })

  it('and where WeChat lists values, one of them', () => {
    const field = { name: 'enum1', label: '', type: 'enum', choices: ['在线', '离线'] }
    expect([misfit(field, '在线'), misfit(field, '忙')?.zh]).toEqual([undefined, '应为 在线、离线 之一'])
  })
})

it('fields have the labels of their lines; those of the old library have no type', () => {
  expect(fieldsOf(long).map(one => [one.name, one.label, one.type])).toEqual([
    ['thing1', '主题', 'thing'],
    ['time2', '时间', 'time'],
  ])
  expect(fieldsOf(old).map(one => one.type)).toEqual(['', '', ''])
  expect(fieldsOf(template('{{constructor1.DATA}}'))[0]?.type).toBe('')
})

it('a field that is missing or unknown is named, and what WeChat drops may be missing', () => {
  expect(() => checkValues(long, { thing1: '一', other: '二' })).toThrow(
    /没有字段 other；time2（时间）不能为空/,
  )
  expect(checkValues(old, { keyword1: '一' })).toEqual({ first: '', keyword1: '一', remark: '' })
})

it('the preview is what WeChat shows since 2023-05', () => {
  const given = { first: '您好', keyword1: `第一行\n第二行🎉${'长'.repeat(20)}`, remark: '再见' }
  expect(previewOf(old, given)).toEqual([
    { name: 'first', label: '', value: '', loses: ['line'] },
    {
      name: 'keyword1',
      label: '事项',
      value: `第一行第二行${'长'.repeat(14)}`,
      loses: ['breaks', 'emoji', 'length'],
    },
    { name: 'remark', label: '', value: '', loses: ['line'] },
  ])
})

it('a text is made to fit, and other types are left to the check', () => {
  const [thing, time] = fieldsOf(long)
  expect(fitted(thing!, '你好\n🎉世界')).toEqual({ value: '你好 世界', isCut: false })
  expect(fitted(thing!, '长'.repeat(30))).toEqual({ value: `${'长'.repeat(19)}…`, isCut: true })
  expect(fitted(time!, '长'.repeat(30)).isCut).toBe(false)
})
