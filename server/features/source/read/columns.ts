import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { SourceDepartment } from '../plan/departments.ts'
import { cellAtMost, problems } from '../plan/problems.ts'
import { isDirty, type SourceRecord } from '../plan/read-record.ts'
import { columnsOf, type SourceSettings } from '../settings.ts'

/** What a source has at this moment. `departments` is undefined where people name theirs by path, or not at all. */
export type Reading = {
  columns: string[]
  records: SourceRecord[]
  departments: SourceDepartment[] | undefined
}

/** More people than the mirror of a large corp; beyond it nothing is read. */
export const recordsAtMost = 100_000

export function tooMany(): ApiError {
  return new ApiError('badParameter', {
    zh: told`人事源超过 ${own(recordsAtMost)} 行，没有读取；请按部门分成几个人事源`,
    en: told`the source has more than ${own(recordsAtMost)} rows, and was not read: divide it by department into several`,
  })
}

/** A source without anybody is broken, and nobody leaves because of it. */
export function checkNotEmpty({ records, departments }: Reading): void {
  if (departments?.length === 0)
    throw new ApiError('badParameter', {
      zh: '人事源没有任何部门：没有预览，没有修改，也不删除任何部门。请检查部门的查询语句或提交的部门',
      en: 'the source has no department: there is no preview, nothing changes and no department is removed. Check its query of departments, or put them',
    })
  if (records.length === 0)
    throw new ApiError('badParameter', {
      zh: '人事源没有任何人：没有预览，没有修改，也不认定任何人离职。请检查查询语句、过滤器或文件',
      en: 'the source has nobody: there is no preview, nothing changes and nobody counts as a leaver. Check its query, filter or file',
    })
}

/** As people compare names of columns: without case, blanks and what stands in parentheses, such as `账号 (必填)`. */
export function plainColumn(name: string): string {
  return name
    .toLowerCase()
    .replace(/[（(【[].*$/, '')
    .replace(/[\s*:：]/g, '')
}

/** Each wanted column with its name in the source. Throws 1000 and names those that are missing. */
export function findColumns(settings: SourceSettings, present: readonly string[]): Map<string, string> {
  const byName = new Map(present.map(one => [plainColumn(one), one]))
  const wanted = columnsOf(settings)
  const missing = wanted.filter(one => !byName.has(plainColumn(one)))
  if (missing.length > 0)
    throw new ApiError('badParameter', {
      zh: told`人事源中没有这些列：${missing.join('、')}；没有读取。现有的列：${present.slice(0, 40).join('、')}`,
      en: told`the source lacks these columns, and was not read: ${missing.join(', ')}. It has: ${present.slice(0, 40).join(', ')}`,
    })
  return new Map(wanted.map(one => [one, byName.get(plainColumn(one)) ?? one]))
}

/** Columns that the plan relied on and that are there no more. Throws 1000; new columns are no trouble. */
export function checkSameColumns(before: readonly string[], now: readonly string[]): void {
  const present = new Set(now.map(plainColumn))
  const gone = before.filter(one => !present.has(plainColumn(one)))
  if (gone.length > 0)
    throw new ApiError('badParameter', {
      zh: told`人事源的列变了，少了：${gone.join('、')}；没有预览。确认后请重新保存设置`,
      en: told`the columns of the source changed, and there is no preview; gone: ${gone.join(', ')}. Save the settings again if that is right`,
    })
}

/** A record whose cells are cut where they are too long, of which the plan then makes an error. */
export function recordOf(
  line: number,
  cells: readonly (readonly [column: string, text: string])[],
): SourceRecord {
  const long = cells.find(([, text]) => text.length > cellAtMost)
  return {
    line,
    cells: Object.fromEntries(cells.map(([column, text]) => [column, text.slice(0, cellAtMost)])),
    ...(long ? { tooLong: { column: long[0], length: long[1].length } } : {}),
  }
}

/** Rows of a query as records. */
export function recordsOf(
  settings: SourceSettings,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): SourceRecord[] {
  const names = findColumns(settings, columns)
  return rows.map((row, index) =>
    recordOf(
      index + 1,
      [...names].map(([wanted, name]) => [wanted, textOf(row[name])]),
    ),
  )
}

/** Departments of a query with the columns code, name, parent and sort. Throws 1000. */
export function departmentsOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): SourceDepartment[] {
  const byName = new Map(columns.map(one => [one.toLowerCase(), one]))
  for (const needed of ['code', 'name', 'parent'])
    if (!byName.has(needed))
      throw new ApiError('badParameter', {
        zh: told`部门没有 ${own(needed)} 一列；需要 code、name、parent，可以有 sort`,
        en: told`departments lack the column ${own(needed)}; they need code, name and parent, and may have sort`,
      })
  // A code that cannot be stored is nobody's, and its department is refused.
  const cell = (row: Readonly<Record<string, unknown>>, name: string) => {
    const text = textOf(row[byName.get(name) ?? '']).trim()
    return isDirty(text) ? '' : text
  }
  return rows.map((row, index) => {
    const sort = Number(cell(row, 'sort') || Number.NaN)
    const texts = (['code', 'name', 'parent'] as const).map(name => [name, cell(row, name)] as const)
    const { cells, tooLong } = recordOf(0, texts)
    const { code = '', name = '', parent = '' } = cells
    return {
      line: index + 1,
      ...{ code, name, parent },
      ...(tooLong ? { wrong: problems.cellTooLong(tooLong) } : {}),
      ...(Number.isInteger(sort) && sort >= 0 && sort <= 0xffffffff ? { order: sort } : {}),
    }
  })
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? '' : String(value)
}
