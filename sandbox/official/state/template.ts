/** A template of the account; template messages and 订阅通知 have ids of their own (docs/upstream/official-templates.md). */
export interface Template {
  id: string
  title: string
  content: string
  example: string
  primaryIndustry: string
  deputyIndustry: string
  /** Of 订阅通知: 2 one-time, 3 long-term. */
  type: 2 | 3
}

/** The two templates that a verified 服务号 has from the start: one of the old library, one of the new. */
export const sampleTemplates: readonly Template[] = [
  {
    id: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
    title: '订单状态更新',
    content: '{{first.DATA}}\n订单号：{{keyword1.DATA}}\n状态：{{keyword2.DATA}}\n{{remark.DATA}}',
    example: '您好，您的订单有更新\n订单号：2026112601\n状态：已发货\n感谢您的支持',
    primaryIndustry: 'IT科技',
    deputyIndustry: '互联网|电子商务',
    type: 2,
  },
  {
    id: 'pJzKl2v3m9cQ0h4XxWd7sRtYb8nUe5fGiAoS1qLkPZw',
    title: '会议通知',
    content: '会议主题：{{thing1.DATA}}\n会议时间：{{time2.DATA}}\n会议地点：{{thing3.DATA}}',
    example: '会议主题：季度例会\n会议时间：2026年11月26日 15:01\n会议地点：三楼会议室',
    primaryIndustry: 'IT科技',
    deputyIndustry: '互联网|电子商务',
    type: 2,
  },
]
