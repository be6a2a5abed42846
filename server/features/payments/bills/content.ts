import { createHash } from 'node:crypto'
import {
  type CallerInput,
  integer,
  optionalInteger,
  optionalObjects,
  optionalText,
  readInput,
  text,
  type Values,
} from '../../../platform/http/input.ts'
import { optionalInstant, optionalYes, withRule, wrongInput } from '../../../platform/http/input-rules.ts'
import { webUrl } from '../../apps/app-urls.ts'

/** The most that WeChat Pay takes, in fen. */
export const amountAtMost = 2_147_483_647
const itemsAtMost = 100
/** What an amount may be, of which errors say that it is fen. */
export const fen = (min: number) => ({ min, max: amountAtMost, unit: { zh: '分', en: 'fen' } })

const itemFields = {
  name: text({ zh: '名称', en: 'Name' }, { max: 100 }),
  amount: integer(
    { zh: '单价，单位分；优惠为负数', en: 'Price of one in fen; negative for a discount' },
    fen(-amountAtMost),
  ),
  quantity: optionalInteger({ zh: '数量，默认 1', en: 'How many; 1 by default' }, { min: 1, max: 1_000_000 }),
}

/** What a bill is made of, in whatever way it comes in. Amounts are fen. */
export const billFields = {
  billNo: withRule(
    text(
      {
        zh: '账单号，由创建者编号，不含空格',
        en: 'Number of the bill, given by its creator, without blanks',
      },
      { max: 64 },
    ),
    (value, name) => {
      if (/\s/.test(value)) throw wrongInput(name, '不能含有空格', 'must not contain blanks')
    },
  ),
  userId: text({ zh: '付款成员的 userId', en: 'userId of the payer' }, { max: 64 }),
  title: text({ zh: '名称', en: 'Name' }, { max: 100 }),
  amount: integer({ zh: '金额，单位分', en: 'Amount in fen' }, fen(1)),
  items: optionalObjects({ zh: '明细，合计应等于 amount', en: 'Items, which add up to amount' }, itemFields, {
    max: itemsAtMost,
  }),
  dueAt: optionalInstant({ zh: '到期时间，ISO 8601，带时区', en: 'Due at, ISO 8601 with its zone' }),
  remark: optionalText({ zh: '备注', en: 'Remark' }, { max: 500, lines: true }),
  attachmentUrl: withRule(
    optionalText({ zh: '附件的 https 链接', en: 'https link to an attachment' }, { max: 1024 }),
    (value, name) => {
      if (value !== undefined && webUrl(value)?.protocol !== 'https:')
        throw wrongInput(name, '应为 https:// 开头的链接', 'should be an address that begins with https://')
    },
  ),
  notify: optionalYes({
    zh: 'true（或 1）：通过消息中心通知付款人，到期前一天再提醒一次；默认 false',
    en: 'true (or 1): tell the payer by a message, and once more a day before it is due; false by default',
  }),
  mchId: withRule(
    optionalText({ zh: '商户号，不填为默认商户', en: 'Merchant; the default one without it' }, { max: 32 }),
    (value, name) => {
      if (value !== undefined && !/^\d+$/.test(value)) throw wrongInput(name, '应为数字', 'should be digits')
    },
  ),
}

export type BillInput = Values<typeof billFields>
/** A bill as a caller writes it. */
export type GivenBill = CallerInput<typeof billFields>

/** Reads a bill. Throws 1000 and 1001; `prefix` says which bill it is, such as `list[2].`. */
export function readBill(given: Record<string, unknown>, prefix: string): BillInput {
  const bill = readInput(billFields, given, prefix)
  const total = bill.items.reduce((sum, { amount, quantity = 1 }) => sum + amount * quantity, 0)
  if (bill.items.length > 0 && total !== bill.amount)
    throw wrongInput(
      `${prefix}items`,
      `合计 ${total} 分，与 amount ${bill.amount} 分不符`,
      `add up to ${total} fen, and amount is ${bill.amount}`,
    )
  return bill
}

/** Tells whether a repetition asks for the same; the payer is compared by itself, because people are renamed. */
export function hashOf(bill: BillInput): string {
  const { title, amount, items, dueAt, remark = '', attachmentUrl = '', notify, mchId = '' } = bill
  const lines = items.map(({ name, amount, quantity = 1 }) => [name, amount, quantity])
  const content = [title, amount, lines, dueAt?.toISOString() ?? '', remark, attachmentUrl, notify, mchId]
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}
