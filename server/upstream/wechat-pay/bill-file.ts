/** A bill of WeChat Pay that is not what its documentation says. */
export class BillFault extends Error {}

/** A line of the trade bill about money that came in. Amounts are fen; `at` is when it was paid. */
export type BilledPayment = { outTradeNo: string; transactionId: string; amount: number; at: Date }

/** A line about money that went back. */
export type BilledRefund = {
  outTradeNo: string
  outRefundNo: string
  refundId: string
  amount: number
  /** SUCCESS, PROCESSING, FAIL or CHANGE: other words than those of the calls. */
  status: string
}

export type TradeBill = { payments: BilledPayment[]; refunds: BilledRefund[] }

/** A line of the fund bill: money that moved in the merchant's account. `amount` is fen, negative when it left. */
export type FundLine = { serial: string; businessNo: string; voucher: string; type: string; amount: number }

const columns = {
  at: '交易时间',
  transactionId: '微信订单号',
  outTradeNo: '商户订单号',
  tradeState: '交易状态',
  amount: '订单金额',
  refundId: '微信退款单号',
  outRefundNo: '商户退款单号',
  refunded: '申请退款金额',
  refundStatus: '退款状态',
} as const

const fundColumns = {
  businessNo: '微信支付业务单号',
  serial: '资金流水单号',
  type: '业务类型',
  direction: '收支类型',
  amount: '收支金额(元)',
  voucher: '业务凭证号',
} as const

/**
 * The trade bill (ALL) of a day as text (docs/upstream/wechat-pay-bills.md#trade-bill): read by the names of its columns, because
 * files with others and with more exist. REVOKED lines moved no money. Throws BillFault, also when the file's own count is
 * another.
 */
export function readTradeBill(text: string): TradeBill {
  const { rows, summary } = tableOf(text, columns)
  const stated = numberOf(summary, '总交易单数')
  if (stated !== rows.length)
    throw new BillFault(`the trade bill has ${rows.length} lines, and says that it has ${stated}`)
  const payments: BilledPayment[] = []
  const refunds: BilledRefund[] = []
  for (const row of rows) {
    const { outTradeNo, transactionId } = row
    if (row.tradeState === 'SUCCESS')
      payments.push({ outTradeNo, transactionId, amount: fenOf(row.amount), at: timeOf(row.at) })
    if (row.tradeState === 'REFUND') {
      const { outRefundNo, refundId, refundStatus: status } = row
      refunds.push({ outTradeNo, outRefundNo, refundId, amount: fenOf(row.refunded), status })
    }
  }
  return { payments, refunds }
}

/** The fund bill (BASIC) of a day as text. Throws BillFault. */
export function readFundBill(text: string): FundLine[] {
  const { rows, summary } = tableOf(text, fundColumns)
  const stated = numberOf(summary, '资金流水总笔数')
  if (stated !== rows.length)
    throw new BillFault(`the fund bill has ${rows.length} lines, and says that it has ${stated}`)
  return rows.map(({ direction, amount, ...row }) => {
    if (direction !== '收入' && direction !== '支出') throw new BillFault(`收支类型 is ${direction}`)
    return { ...row, amount: direction === '收入' ? fenOf(amount) : -fenOf(amount) }
  })
}

type Row<C> = { [K in keyof C]: string }

/**
 * Every field of a line begins with a backquote, and commas inside a field are written otherwise, so that a comma with a
 * backquote separates. After the lines come the summary's names and numbers.
 */
function tableOf<const C extends Record<string, string>>(
  text: string,
  wanted: C,
): { rows: Row<C>[]; summary: Map<string, string> } {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter(line => line !== '')
  const [header = ''] = lines
  const names = header.split(',')
  const places = Object.entries(wanted).map(([key, name]) => [key, placeOf(names, name)] as const)
  const end = lines.findIndex((line, at) => at > 0 && !line.startsWith('`'))
  const totals = end < 0 ? undefined : lines[end + 1]
  if (totals === undefined) throw new BillFault('the file has no summary: it is cut off')
  const rows = lines.slice(1, end).map((line, at) => {
    const fields = fieldsOf(line)
    if (fields.length < names.length)
      throw new BillFault(`line ${at + 2} has ${fields.length} of ${names.length} fields`)
    return Object.fromEntries(places.map(([key, place]) => [key, fields[place]])) as Row<C>
  })
  const values = fieldsOf(totals)
  const summary = new Map(lines[end]!.split(',').map((name, at) => [name, values[at] ?? '']))
  return { rows, summary }
}

function placeOf(names: readonly string[], name: string): number {
  const place = names.indexOf(name)
  if (place < 0) throw new BillFault(`the file has no column ${name}`)
  return place
}

function fieldsOf(line: string): string[] {
  return line.slice(1).split(',`')
}

function numberOf(summary: ReadonlyMap<string, string>, name: string): number {
  const text = summary.get(name) ?? ''
  if (!/^\d+$/.test(text)) throw new BillFault(`the summary has no number ${name}`)
  return Number(text)
}

/** Without floating point, in which 0.29 × 100 is not 29. */
function fenOf(yuan: string): number {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(yuan)
  if (!match) throw new BillFault(`${yuan || 'nothing'} is no amount in yuan`)
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

function timeOf(text: string): Date {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) throw new BillFault(`${text || 'nothing'} is no time`)
  return new Date(`${text.replace(' ', 'T')}+08:00`)
}
