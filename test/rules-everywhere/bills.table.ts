import { createBills, findBill } from '../../server/features/payments/bills/bills.ts'
import type { GivenBill } from '../../server/features/payments/bills/content.ts'
import { developerAsCreator } from '../../server/features/payments/bills/creator.ts'
import { closeBill } from '../../server/features/payments/orders/close-bill.ts'
import { type Attempt, api, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for bills. */

const ctx = () => here.world.ctx
const good = { billNo: 'R-1', userId: 'zhangsan', title: '餐费', amount: 100 }

const create = (change: Partial<Record<keyof GivenBill, unknown>>, ...words: string[]) => {
  const given = { ...good, ...change }
  const option = (name: string, value: unknown) => (words.includes(name) ? [] : [name, String(value)])
  return [
    feature(() => {
      const developer = ctx().developers.get(here.api.devId)!
      const work = () => createBills(ctx(), developerAsCreator(ctx(), developer), [given], [''])
      return ctx().mirrors.during(here.world.corpId, work)
    }),
    api('/api/pay/bill/create', () => given),
    page('/web/payments/bills/create', () => given),
    command(
      ...['pay', 'bill', 'create', String(given.billNo)],
      ...option('--user', given.userId),
      ...option('--title', given.title),
      ...option('--amount', given.amount),
      ...words,
    ),
  ]
}

/** A line of a file is not refused as a call is: its problem is told beside the others. */
const importing = (title: string): Attempt => ({
  way: 'page',
  what: '/web/payments/bills/import-preview',
  async run() {
    const content = Buffer.from(`账单号,账号,名称,金额（元）\nR-2,zhangsan,${title},1\n`).toString('base64')
    const { body } = await here.system.post('/web/payments/bills/import-preview', { content })
    const message: string = body.problems[0]?.why ?? ''
    return { code: message === '' ? '0' : '1000', message }
  },
})

const rules: Rule[] = [
  [
    'an emoji in the title',
    '1000',
    /不能含有表情符号，微信支付不接受/,
    [...create({ title: '餐费🍚' }), importing('餐费🍚')],
  ],
  ['a keycap in the title', '1000', /不能含有表情符号/, [...create({ title: '1️⃣ 月餐费' })]],
  ['a bill over nothing', '1000', /amount 应为 1 到 2147483647/, create({ amount: 0 })],
  ['a bill over less than nothing', '1000', /amount 应为/, create({ amount: -1 })],
  ['a bill over a fraction of a fen', '1000', /amount 应为/, create({ amount: 1.5 })],
  ['an amount in exponents', '1000', /amount 应为/, create({ amount: '1e3' })],
  ['a bill over 10^12 fen', '1000', /amount 应为/, create({ amount: 10 ** 12 })],
  ['a number with blanks', '1000', /billNo 不能含有空格/, create({ billNo: 'a b' })],
  ['a bill for nobody', '1007', /userId nobody/, create({ userId: 'nobody' })],
  ['a bill for somebody who is disabled', '1007', /未激活或已禁用/, create({ userId: 'wangwu' })],
  [
    'a due time without a zone',
    '1000',
    /带时区/,
    create({ dueAt: '2027-01-01T00:00:00' }, '--due', '2027-01-01T00:00:00'),
  ],
  [
    'an attachment over http',
    '1000',
    /attachmentUrl 应为 https/,
    create({ attachmentUrl: 'http://a.example/' }, '--attachment', 'http://a.example/'),
  ],
  [
    'a merchant that is not there',
    '1000',
    /没有启用的商户号 1900000001/,
    create({ mchId: '1900000001' }, '--merchant', '1900000001'),
  ],
  [
    'the closing of no bill',
    '1000',
    /没有账单/,
    [
      feature(async () => {
        const { corpId } = here.world
        const { id } = await findBill(ctx(), corpId, { devId: here.api.devId, billNo: 'none' }, undefined)
        await closeBill(ctx(), { corpId, actor: 'test' }, id)
      }),
      api('/api/pay/bill/close', () => ({ billNo: 'none' })),
      page('/web/payments/bills/close', () => ({ id: 424_242 })),
      command('pay', 'bill', 'close', 'none'),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [['bills', rules]]
