import { describe, expect, it } from 'vitest'
import { decodeForm } from './decode.ts'
import { encodeForm, type FormNames } from './encode.ts'
import { readTemplate } from './template.ts'

const lang = 'zh_CN'
const control = (kind: string, id: string, title: string, require = 0, config: object = {}) => ({
  property: { control: kind, id, title: [{ text: title, lang }], require },
  config,
})
const option = (key: string, text: string) => ({ key, value: [{ text, lang }] })
const { fields, name } = readTemplate({
  template_names: [
    { text: 'Trip', lang: 'en' },
    { text: '出差', lang },
  ],
  template_content: {
    controls: [
      control('Tips', 'Tips-1', '说明'),
      control('Text', 'Text-1', '事由', 1),
      control('Text', 'Text-2', '备注'),
      control('Text', 'Text-3', '备注'),
      control('Money', 'Money-1', '金额'),
      control('Number', 'Number-1', '人数'),
      control('Date', 'Date-1', '日期', 0, { date: { type: 'day' } }),
      control('DateRange', 'Range-1', '起止', 0, { date_range: { type: 'hour' } }),
      control('Selector', 'Sel-1', '类型', 1, {
        selector: { type: 'single', options: [option('o1', '国内'), option('o2', '国外')] },
      }),
      control('Selector', 'Sel-2', '费用', 0, {
        selector: { type: 'multi', options: [option('o1', '车'), option('o2', '住')] },
      }),
      control('Contact', 'C-1', '同行', 0, { contact: { type: 'multi', mode: 'user' } }),
      control('Contact', 'C-2', '部门', 0, { contact: { type: 'multi', mode: 'department' } }),
      control('File', 'File-1', '附件'),
      control('PunchCorrection', 'P-1', '补卡'),
      control('RelatedApproval', 'R-1', '关联'),
      control('Attendance', 'A-1', '外出', 0, { attendance: { date_range: { type: 'hour' }, type: 4 } }),
      control('Vacation', 'V-1', '假期', 0, {
        vacation_list: { item: [{ id: 7, name: [{ text: '年假', lang }] }] },
      }),
      control('Location', 'L-1', '地点'),
      control('BankAccount', 'B-1', '账户'),
      control('Table', 'Table-1', '明细', 0, {
        table: { children: [control('Text', 'Text-9', '物品', 1), control('Number', 'N-9', '数量')] },
      }),
    ],
  },
})
const names: FormNames = {
  timeZone: 'Asia/Shanghai',
  member: userId => (userId === 'lisi' ? { userId: 'LiSi', name: '李四' } : undefined),
  department: id => (id === 2 ? '市场部' : undefined),
  file: id => (id === 'm1' ? 'media-1' : undefined),
}
const encode = (given: Record<string, unknown>) =>
  encodeForm(fields, { 事由: '开会', 类型: '国内', ...given }, names)
const refused = (given: Record<string, unknown>): string => {
  try {
    encode(given)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('a form', () => {
  it('has its name and fields in Chinese, without those that have no value', () => {
    expect(name).toBe('出差')
    expect(fields.map(one => one.name)).toEqual([
      '事由',
      '备注 (Text-2)',
      '备注 (Text-3)',
      '金额',
      '人数',
      '日期',
      '起止',
      '类型',
      '费用',
      '同行',
      '部门',
      '附件',
      '补卡',
      '关联',
      '外出',
      '假期',
      '地点',
      '账户',
      '明细',
    ])
  })

  it('is what WeCom takes, and reads again as it was given', () => {
    const given = {
      事由: '开会',
      '备注 (Text-3)': '二',
      金额: 700.5,
      人数: '3',
      日期: '2026-12-03',
      起止: { begin: '2026-12-03T09:00', end: '2026-12-03T18:00:00+08:00' },
      类型: ['国外'],
      费用: ['车', 'o2'],
      同行: ['lisi'],
      部门: 2,
      附件: ['m1'],
      关联: ['20261203000000000017'],
      外出: { begin: '2026-12-03T09:00', end: '2026-12-03T10:00' },
      假期: { type: '年假', begin: '2026-12-03T09:00', end: '2026-12-03T18:00' },
      明细: [{ 物品: '笔', 数量: 2 }, { 'Text-9': '纸' }],
    }
    const contents = encodeForm(fields, given, names)
    const givenFor = (id: string) => contents.find(one => one.id === id)?.value
    expect(givenFor('Money-1')).toEqual({ new_money: '700.5' })
    expect(givenFor('Date-1')).toEqual({ date: { type: 'day', s_timestamp: '1796227200' } })
    expect(givenFor('Range-1')).toEqual({
      date_range: { type: 'hour', new_begin: 1796259600, new_end: 1796292000, new_duration: 32400 },
    })
    expect(givenFor('Sel-1')).toEqual({ selector: { type: 'single', options: [{ key: 'o2' }] } })
    expect(givenFor('C-1')).toEqual({ members: [{ userid: 'LiSi', name: '李四' }] })
    expect(givenFor('C-2')).toEqual({ departments: [{ openapi_id: '2', name: '市场部' }] })
    expect(givenFor('File-1')).toEqual({ files: [{ file_id: 'media-1' }] })
    expect(givenFor('R-1')).toEqual({ related_approval: [{ sp_no: '20261203000000000017' }] })
    expect(givenFor('A-1')).toMatchObject({ attendance: { type: 4 } })
    expect(givenFor('V-1')).toMatchObject({
      vacation: { selector: { options: [{ key: '7' }] }, attendance: { type: 1 } },
    })
    expect(givenFor('Table-1')).toEqual({
      children: [
        {
          list: [
            { control: 'Text', id: 'Text-9', value: { text: '笔' } },
            { control: 'Number', id: 'N-9', value: { new_number: '2' } },
          ],
        },
        { list: [{ control: 'Text', id: 'Text-9', value: { text: '纸' } }] },
      ],
    })
    const titles = new Map(fields.map(one => [one.id, [{ text: one.name, lang }]]))
    const read = decodeForm(
      [
        ...contents.map(one => ({
          ...one,
          title: titles.get(one.id),
          value: { ...one.value, tips: [], stat_field: [] },
        })),
        { control: 'Text', id: 'Text-2', title: [{ text: '空', lang }], value: [] },
      ],
      { timeZone: names.timeZone, shown: userId => userId },
    )
    const shown = Object.fromEntries(read.map(one => [one.name, one.value]))
    expect(shown).toMatchObject({
      事由: '开会',
      金额: '700.5',
      日期: '2026-12-03',
      起止: { begin: '2026-12-03T09:00', end: '2026-12-03T18:00' },
      同行: ['LiSi'],
      部门: ['2'],
    })
    expect(shown).not.toHaveProperty('空')
  })

  it.each([
    [{ 事由: '', 类型: undefined }, /fields\.事由、类型/],
    [{ 金额: '七百' }, /fields\.金额 应为数字/],
    [{ 金额: '1e5' }, /fields\.金额 应为数字/],
    [{ 类型: '火星' }, /没有选项 火星；选项有 国内、国外/],
    [{ 事由: { a: 1 } }, /fields\.事由 应为文字/],
    [{ 日期: '2026-02-30' }, /fields\.日期 应为日期/],
    [{ 日期: 1796227200 }, /fields\.日期 应为日期/],
    [{ 日期: ['2026-12-03'] }, /fields\.日期 应为日期/],
    [{ 人数: true }, /fields\.人数 应为数字/],
    [{ 人数: [3] }, /fields\.人数 应为数字/],
    [{ 费用: ['车', '飞机'] }, /fields\.费用：没有选项 飞机；选项有 车、住/],
    [{ 部门: ['二'] }, /fields\.部门 二/],
    [{ 地点: { latitude: '30.5', longitude: '东' } }, /fields\.地点 应为\{latitude/],
    [{ 地点: { latitude: 30.5, longitude: 114.3, title: { a: 1 } } }, /fields\.地点 应为\{latitude/],
    [{ 假期: '年假' }, /fields\.假期 应为\{type, begin, end\}/],
    [{ 假期: { type: '病假', begin: '2026-12-03T09:00' } }, /fields\.假期\.type：没有选项 病假/],
    [{ 账户: { accountName: '甲' } }, /fields\.账户 应为\{accountName/],
    [{ 账户: { accountName: '甲', accountNumber: '1', bank: 'x' } }, /fields\.账户 应为\{accountName/],
    [{ 明细: ['笔'] }, /fields\.明细\[0\] 应为列名到值的对象/],
    [{ 起止: { begin: '2026-12-03T18:00', end: '2026-12-03T09:00' } }, /fields\.起止\.end 应为不早于/],
    [{ 起止: '2026-12-03' }, /fields\.起止\.begin 应为时间/],
    [{ 同行: ['nobody'] }, /fields\.同行 nobody/],
    [{ 部门: [3] }, /fields\.部门 3/],
    [{ 附件: ['x'] }, /fields\.附件 应为/],
    [{ 类型: ['国内', '国外'] }, /fields\.类型 应为一个选项/],
    [{ 关联: [2 ** 60] }, /fields\.关联 应为spNo，文字而不是数字/],
    [{ 补卡: '1' }, /不能由接口提交/],
    [{ 事由项: 'x' }, /没有字段 事由项/],
    [{ constructor: 'x' }, /没有字段 constructor/],
    [{ 明细: [{ 数量: 1 }] }, /fields\.明细\[0\]\.物品/],
    [{ 明细: Array.from({ length: 201 }, () => ({ 物品: 'x' })) }, /最多 200 项/],
  ])('says what is wrong and where: %j', (given, words) => {
    expect(refused(given)).toMatch(words)
  })
})
