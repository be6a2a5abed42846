import { Type } from 'typebox'
import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import { checkOpen } from '../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { text } from '../../../platform/http/input.ts'
import { makePayTicket, type Shortcut } from '../payer/pay-ticket.ts'

export const payShortcut = endpoint({
  methods: ['GET', 'POST'],
  path: '/mobile/unifiedPay/AwaitPay/select',
  section: '6.1',
  summary: { zh: '一码通快捷方式-统一支付', en: 'Shortcut to payments' },
  description: {
    zh: '供一码通小程序使用：size 为待付款的账单数，url 为该成员的统一支付页面。jessionId 须属于统一支付应用或标记为一码通的应用；已失效或属于其他应用时，body 为 null。url 随 jessionId 一起失效。',
    en: 'For the mini-program 一码通: size is how many bills wait to be paid, url the member’s payment page. The jessionId belongs to the payment app or to one marked as 一码通; body is null when it has expired or belongs to another. url expires with the jessionId.',
  },
  access: { by: 'anyone' },
  input: { jessionId: text({ zh: '平台唯一凭证', en: 'The ticket of the platform' }, { max: 256 }) },
  output: Type.Union([
    Type.Null(),
    Type.Object({
      size: Type.String({
        about: { zh: '未读消息条数，即待付款的账单数', en: 'How many bills wait to be paid' },
      }),
      url: Type.String({ about: { zh: '统一支付 URL', en: 'Address of the payment page' } }),
    }),
  ]),
  errors: [],
  sample: { size: '2', url: 'https://wisp.example.com/pay?ticket=Hq3…' },
  sampleInput: { jessionId: '{jessionId}' },
  async handle(ctx: Core & { corps: Corps; shortcut: Shortcut }, { input: { jessionId } }) {
    const ticket = await ctx.shortcut(jessionId)
    if (!ticket) return null
    checkOpen(ctx, ticket.corpId)
    const page = `${publicUrlOf(ctx, ctx.corps.get(ticket.corpId))}/pay`
    return { size: String(ticket.waiting), url: `${page}?ticket=${makePayTicket(ctx, jessionId)}` }
  },
})
