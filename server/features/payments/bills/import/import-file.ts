import { ApiError } from '../../../../platform/http/errors.ts'
import {
  badTable,
  type ColumnNames,
  type Columns,
  type ColumnsAt,
  readColumns,
  type TableRecord,
  type TableRow,
} from '../../../../platform/http/tables/columns.ts'
import { readTable, type TableFormat } from '../../../../platform/http/tables/read-table.ts'
import { told } from '../../../../platform/http/told.ts'
import { momentOfClock } from '../../../../platform/moments.ts'
import { ownTurn } from '../../../../platform/operation/own-turn.ts'
import { fenOf } from '../../money.ts'

export const importColumns = [
  'billNo',
  'userId',
  'title',
  'amount',
  'dueAt',
  'remark',
  'attachmentUrl',
  'notify',
  'mchId',
] as const
export type ImportColumn = (typeof importColumns)[number]
export type ImportRecord = TableRecord<ImportColumn>
export type ImportFile = Columns<ImportColumn> & { format: TableFormat }

const recordsAtMost = 5000

/** The first name of each is the one of the template; what stands in brackets behind it is no part of it. */
export const columnNames: ColumnNames<ImportColumn> = {
  billNo: ['账单号', '账单编号', '单号', '编号', 'billno', 'bill_no'],
  userId: [
    '账号',
    '帐号',
    '付款人账号',
    '付款账号',
    '成员账号',
    '用户账号',
    '用户id',
    '成员id',
    'userid',
    'user_id',
  ],
  title: ['名称', '账单名称', '标题', '项目', '事由', 'title'],
  amount: ['金额', '应缴金额', '应付金额', '价税合计', 'amount'],
  dueAt: ['到期日', '到期', '到期时间', '截止日期', '截止时间', 'dueat', 'due'],
  remark: ['备注', '说明', 'remark'],
  attachmentUrl: ['附件', '附件链接', 'attachmenturl', 'attachment'],
  notify: ['通知', 'notify'],
  mchId: ['商户号', 'mchid', 'mch_id'],
}

/** After so many cells others get their turn. */
const cellsInTurn = 10_000

const needed = ['billNo', 'userId', 'title', 'amount'] as const

/** Reads a CSV file or an Excel workbook with one line of column names. Throws 1000 and says what is wrong. */
export async function readBillFile(
  bytes: Buffer,
  chosen: ColumnsAt<ImportColumn> | undefined,
): Promise<ImportFile> {
  const { format, rows } = await readTable(bytes, { names: columnNames, key: 'billNo', recordsAtMost })
  const columns = await readColumns<ImportColumn>(rows, columnNames, 'billNo', {
    noHeader: {
      zh: '没有找到表头：需要一行列名，其中有“账单号”“账号”“名称”“金额（元）”',
      en: 'no header was found: one line must name the columns, with billNo, userid, title and amount',
    },
    missing(known) {
      const lacking = needed.filter(one => !known.includes(one))
      if (lacking.length === 0) return undefined
      return {
        zh: `表头中没有${lacking.map(one => `“${columnNames[one][0]}”`).join('')}一列`,
        en: `the header lacks the columns ${lacking.join(', ')}`,
      }
    },
    recordsAtMost,
    chosen,
  })
  // Brackets behind a column's name are ignored elsewhere; here they would make a bill a hundred times as high.
  const amount = columns.headers[columns.at.amount ?? -1]?.name ?? ''
  if (/[（(]\s*(分|fen)/i.test(amount) || (await hasHeaderInFen(rows)))
    throw badTable({ zh: '“金额”应以元为单位', en: 'amount should be in yuan' })
  return { format, ...columns }
}

/** Looked for in every line, because several tables may have been put together. */
async function hasHeaderInFen(rows: readonly TableRow[]): Promise<boolean> {
  const isInFen = (cell: string) => /^\*?\s*(\S*金额|amount)\s*[（(]\s*(分|fen)/i.test(cell)
  let cells = 0
  for (const row of rows) {
    if (row.cells.some(isInFen)) return true
    cells += row.cells.length
    if (cells < cellsInTurn) continue
    cells = 0
    await ownTurn()
  }
  return false
}

/** A line as `createBills` takes it; the amount of a file is yuan. Throws 1000 and 1001, naming the column. */
export function givenOf(record: ImportRecord, timeZone: string): Record<string, unknown> {
  const { line: _line, amount, dueAt, notify, ...rest } = record
  return { ...rest, amount: amountOf(amount), dueAt: timeOf(dueAt, timeZone), notify: yesOf(notify) }
}

function amountOf(cell: string): number {
  if (cell === '') throw new ApiError('missingParameter', 'amount')
  const fen = fenOf(cell.replace(/^[¥￥]\s*|\s*元$/g, ''))
  if (fen === undefined)
    throw new ApiError('badParameter', {
      zh: told`amount 应为金额（元），最多两位小数，收到 ${cell}`,
      en: told`amount should be yuan with at most two decimals, got ${cell}`,
    })
  return fen
}

const day = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?$/

/** A day ends at the corp's midnight, and a time without a zone is one of its clocks. Anything else is read as it is. */
function timeOf(cell: string, timeZone: string): string {
  const [, year, month = '', date = '', hour, minute = '00', second = '00'] = day.exec(cell) ?? []
  if (year === undefined) return cell
  const two = (digits: string) => digits.padStart(2, '0')
  const time = hour === undefined ? '23:59:59' : `${two(hour)}:${minute}:${second}`
  const clock = `${year}-${two(month)}-${two(date)}T${time}`
  // What is no date is refused by whoever reads it.
  return Number.isNaN(Date.parse(`${clock}Z`))
    ? `${clock}Z`
    : new Date(momentOfClock(clock, timeZone)).toISOString()
}

const yes = ['1', '是', 'y', 'yes', 'true', '√', '✓']
const no = ['', '0', '否', 'n', 'no', 'false', '×']

function yesOf(cell: string): string {
  const word = cell.toLowerCase()
  return yes.includes(word) ? '1' : no.includes(word) ? '0' : cell
}
