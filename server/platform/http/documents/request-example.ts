import type { AnyEndpoint } from '../endpoint.ts'

/** What `{userId}` and the like in sample inputs stand for in the documents; who tries a call gets values of their own corp. */
const values: Readonly<Record<string, unknown>> = {
  userId: 'zhangsan',
  receiver: 'zhangsan',
  userName: '张三',
  orgId: '2',
  tagId: '1',
  groupId: '7',
  corpId: 'CORP_ID',
  mobile: '13800138000',
  fileId: 'a1',
  expires: '1795575600000',
  sign: 'SIGN',
  appId: 'APP_ID',
  agentId: '1000002',
  agentMediaId: '1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0',
  msgId: 'MSG_ID',
  messageType: 'leave-approved',
  messageData: { name: '张三', days: 3 },
  chatId: 'wisp3f9a1c20b7de8a41c05e2b67',
  chatUsers: ['zhangsan', 'lisi'],
  approvalTemplateId: 'C4UFFvFYT',
  spNo: '20261203000000000017',
  cardMsgId: 'MSG_ID',
  smsTemplateId: 'TEMPLATE_ID',
  smsParams: ['666666', '5'],
  paidBillNo: 'meal-2026-11-zhangsan',
  refundRequestId: 'meal-refund-1',
  billNo: '2026-11-0001',
  webhookId: 'WEBHOOK_ID',
  originalId: 'gh_3c884a361561',
  openid: 'OPENID',
  todoNo: 'leave-2026-118',
  templateId: 'TEMPLATE_ID',
  templateData: { thing1: '季度例会' },
  devId: 'DEV_ID',
  devSecret: 'DEV_SECRET',
  jessionId: 'JESSION_ID',
  unique: '20261126-001',
  nonce: '00112233445566778899aabbccddeeff',
  proof: '0'.repeat(64),
  now: '1795572000',
  pageUrl: 'https://app.example.com/',
}

/** The sample inputs of a call with a value for each name in braces, of the types that its schemas have. */
export function requestExample({
  path,
  input,
  sampleInput = {},
}: Pick<AnyEndpoint<never>, 'path' | 'input' | 'sampleInput'>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sampleInput).map(([name, given]) => {
      const value = filled(path, given)
      const isNumber = input[name]?.shape === 'number'
      return [name, isNumber ? Number(value) : value]
    }),
  )
}

function filled(path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(one => filled(path, one))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(path, one)]))
  if (typeof value !== 'string') return value
  const whole = /^\{(\w+)\}$/.exec(value)?.[1]
  if (whole) return exampleValue(path, whole)
  return value.replace(/\{(\w+)\}/g, (_all, name: string) => String(exampleValue(path, name)))
}

function exampleValue(path: string, name: string): unknown {
  if (!(name in values)) throw new Error(`${path}: no example value for {${name}}`)
  return values[name]
}
