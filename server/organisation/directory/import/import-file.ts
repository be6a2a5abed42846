import {
  type Columns,
  type ColumnsAt,
  readColumns,
  type TableRecord,
} from '../../../platform/http/tables/columns.ts'
import type { CsvTable } from '../../../platform/http/tables/csv-table.ts'
import { readCsvTable } from '../../../platform/http/tables/read-table.ts'
import { personHeaders } from './person-headers.ts'

export type ImportColumn = 'userId' | 'mobile' | 'email'
export type ImportRecord = TableRecord<ImportColumn>
export type ImportFile = Omit<CsvTable, 'rows'> & Columns<ImportColumn>

const recordsAtMost = 100_000

const headers: Record<ImportColumn, readonly string[]> = {
  userId: personHeaders.userId,
  mobile: personHeaders.mobile,
  email: ['邮箱', '邮件', '电子邮箱', '个人邮箱', '邮箱地址', 'email', 'e-mail', 'mail'],
}

/**
 * Reads a CSV file with one line of column names, as `readCsvTable` and `readColumns` do. Throws 1000 and says what is wrong.
 */
export async function readImport(
  bytes: Buffer,
  chosen: ColumnsAt<ImportColumn> | undefined,
): Promise<ImportFile> {
  const { rows, ...about } = await readCsvTable(bytes, { names: headers, key: 'userId', recordsAtMost })
  const columns = await readColumns<ImportColumn>(rows, headers, 'userId', {
    noHeader: {
      zh: '没有找到表头：需要一行列名，其中有“账号”（或 userid），以及“手机”（mobile）、“邮箱”（email）中的至少一个',
      en: 'no header was found: one line must name the columns, with userid and at least one of mobile and email',
    },
    missing: known =>
      known.length < 2
        ? {
            zh: '表头中没有“手机”（mobile）或“邮箱”（email）一列',
            en: 'the header has neither a column mobile nor a column email',
          }
        : undefined,
    recordsAtMost,
    chosen,
  })
  return { ...about, ...columns }
}
