import { Type } from 'typebox'
import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { text } from '../../../platform/http/input.ts'
import { makePayTicket, type Shortcut } from '../payer/pay-ticket.ts'

export const payShortcut = endpoint({
  methods: ['GET', 'POST'],
  path: '/mobile/unifiedPay/AwaitPay/select',
  section: '6.1',
  summary: '一码通快捷方式-统一支付',
  description:
    '供一码通小程序使用：size 为待付款的账单数，url 为该成员的统一支付页面。jessionId 须属于统一支付应用或标记为一码通的应用；已失效或属于其他应用时，body 为 null。url 随 jessionId 一起失效。',
  access: { by: 'anyone' },
  input: { jessionId: text('平台唯一凭证', { max: 256 }) },
  output: Type.Union([
    Type.Null(),
    Type.Object({
      size: Type.String({ description: '未读消息条数，即待付款的账单数' }),
      url: Type.String({ description: '统一支付 URL' }),
    }),
  ]),
  errors: [],
  sample: { size: '2', url: 'https://wisp.example.com/pay?ticket=Hq3…' },
  sampleInput: { jessionId: '{jessionId}' },
  async handle(ctx: Core & { corps: Corps; shortcut: Shortcut }, { input: { jessionId } }) {
    const ticket = await ctx.shortcut(jessionId)
    if (!ticket) return null
    const page = `${publicUrlOf(ctx, ctx.corps.get(ticket.corpId))}/pay`
    return { size: String(ticket.waiting), url: `${page}?ticket=${makePayTicket(ctx, jessionId)}` }
  },
})
