import {
  type ColumnNames,
  type Columns,
  type ColumnsAt,
  readColumns,
  type TableRecord,
} from '../../../platform/http/tables/columns.ts'
import { readTable, type TableFormat } from '../../../platform/http/tables/read-table.ts'

export const importColumns = [
  'name',
  'mobile',
  'email',
  'organisation',
  'department',
  'sponsor',
  'endsAt',
] as const
export type ImportColumn = (typeof importColumns)[number]
export type ImportRecord = TableRecord<ImportColumn>
export type ImportFile = Columns<ImportColumn> & { format: TableFormat }

/** All lines of a file are one act, which keeps other writes of the address book waiting. */
const recordsAtMost = 2000

/** The first name of each is the one of the template. */
export const columnNames: ColumnNames<ImportColumn> = {
  name: ['姓名', '名字', 'name'],
  mobile: ['手机', '手机号', '手机号码', '联系电话', 'mobile', 'phone'],
  email: ['邮箱', '邮件', '电子邮箱', '邮箱地址', 'email', 'e-mail', 'mail'],
  organisation: ['单位', '所属单位', '公司', '供应商', 'organisation', 'organization', 'company'],
  department: ['部门', '外部部门', '分组', 'department'],
  sponsor: ['担保人', '担保人账号', '联系人', '接口人', 'sponsor'],
  endsAt: ['到期', '到期日', '到期日期', '有效期至', 'endsat', 'ends', 'end'],
}

const needed = ['name', 'organisation', 'sponsor', 'endsAt'] as const

/** Reads a CSV file or an Excel workbook with one line of column names. Throws 1000 and says what is wrong. */
export async function readPeopleFile(
  bytes: Buffer,
  chosen: ColumnsAt<ImportColumn> | undefined,
): Promise<ImportFile> {
  const { format, rows } = await readTable(bytes, { names: columnNames, key: 'name', recordsAtMost })
  const columns = await readColumns<ImportColumn>(rows, columnNames, 'name', {
    noHeader: {
      zh: '没有找到表头：需要一行列名，其中有“姓名”“单位”“担保人”“到期”，以及“手机”“邮箱”中的至少一个',
      en: 'no header was found: one line must name the columns name, organisation, sponsor, endsAt, and mobile or email',
    },
    missing(known) {
      const lacking = needed.filter(one => !known.includes(one))
      if (lacking.length > 0)
        return {
          zh: `表头中没有${lacking.map(one => `“${columnNames[one][0]}”`).join('')}一列`,
          en: `the header lacks the columns ${lacking.join(', ')}`,
        }
      if (known.includes('mobile') || known.includes('email')) return undefined
      return {
        zh: '表头中没有“手机”或“邮箱”一列',
        en: 'the header has neither a column mobile nor a column email',
      }
    },
    recordsAtMost,
    chosen,
  })
  return { format, ...columns }
}
