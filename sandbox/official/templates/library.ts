/** Templates that an account can pick, with their keywords: the name, and the field that stands for it. */
export interface LibraryEntry {
  /** In the library of template messages and in that of 订阅通知 the same number. */
  id: string
  title: string
  category: number
  /** 2 one-time, 3 long-term. */
  type: 2 | 3
  keywords: { name: string; rule: string; example: string }[]
}

export const categories: readonly { id: number; name: string }[] = [
  { id: 2, name: '企业管理' },
  { id: 616, name: '教育信息服务' },
  { id: 8, name: '公共服务' },
]

const keyword = (name: string, rule: string, example: string) => ({ name, rule, example })

/** A small part of 类目模板库. */
export const library: readonly LibraryEntry[] = [
  {
    id: '47123',
    title: '会议通知',
    category: 2,
    type: 2,
    keywords: [
      keyword('会议主题', 'thing', '季度例会'),
      keyword('会议时间', 'time', '2026年11月26日 15:01'),
      keyword('会议地点', 'thing', '三楼会议室'),
      keyword('发起人', 'name', '张三'),
      keyword('备注', 'thing', '请准时参加'),
    ],
  },
  {
    id: '43216',
    title: '审批结果通知',
    category: 2,
    type: 2,
    keywords: [
      keyword('审批事项', 'thing', '请假申请'),
      keyword('审批结果', 'phrase', '通过'),
      keyword('审批人', 'name', '李四'),
      keyword('审批时间', 'time', '2026-11-26 10:00'),
    ],
  },
  {
    id: '50011',
    title: '订单支付成功通知',
    category: 2,
    type: 2,
    keywords: [
      keyword('订单编号', 'character_string', 'NO20261126001'),
      keyword('支付金额', 'amount', '￥128.50'),
      keyword('支付时间', 'time', '2026-11-26 10:00'),
      keyword('联系电话', 'phone_number', '057112345678'),
    ],
  },
  {
    id: '38870',
    title: '课程开始提醒',
    category: 616,
    type: 2,
    keywords: [
      keyword('课程名称', 'thing', '安全培训'),
      keyword('开课时间', 'time', '15:01'),
      keyword('课时', 'number', '2'),
    ],
  },
  {
    id: '30066',
    title: '预警信息通知',
    category: 8,
    type: 3,
    keywords: [
      keyword('预警类型', 'thing', '暴雨'),
      keyword('预警等级', 'phrase', '橙色'),
      keyword('发布时间', 'time', '2026-11-26 10:00'),
    ],
  },
]

export interface TemplateKeyword {
  /** The field, such as thing1: the rule and the place of the keyword in the library. */
  field: string
  name: string
  example: string
  rule: string
  kid: number
}

export const keywordsOf = (entry: LibraryEntry): TemplateKeyword[] =>
  entry.keywords.map(({ name, rule, example }, n) => ({
    field: `${rule}${n + 1}`,
    name,
    example,
    rule,
    kid: n + 1,
  }))

export const contentOf = (keywords: readonly TemplateKeyword[]): string =>
  keywords.map(({ name, field }) => `${name}：{{${field}.DATA}}`).join('\n')

export const exampleOf = (keywords: readonly TemplateKeyword[]): string =>
  keywords.map(({ name, example }) => `${name}：${example}`).join('\n')
