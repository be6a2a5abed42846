import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Words } from '../../platform/words.ts'
import { isDirty, keyAtMost, readPerson } from './plan/read-record.ts'
import { findColumns, recordsAtMost } from './read/columns.ts'
import { countPut, type PutRow, putRows, removeRows } from './read/put-store.ts'
import { knownSource } from './set-source.ts'
import { initialSettings, mappingOf } from './settings.ts'
import { askForPreview, lockSource } from './source-store.ts'
import { sourceStream } from './stream.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/** Of all four lists together. */
export const putAtMost = 500

export type PutBatch = {
  people: readonly Record<string, string>[]
  departments: readonly Record<string, string>[]
  removePeople: readonly string[]
  removeDepartments: readonly string[]
  /** All is given: a preview is made. */
  isComplete: boolean
}
/** What became of a row; `why` is also said of one that is taken with single fields left out. */
export type PutResult = { key: string; ok: boolean; why: readonly Words[] }

/** Takes rows of a source that developers fill. A row that is wrong is refused alone, with the reason. Throws 1000, and 1009 for a developer whom the source does not name. */
export async function putSourceRows(
  ctx: Needs,
  corpId: string,
  sourceId: number,
  put: PutBatch,
  devId: string,
): Promise<{ people: PutResult[]; departments: PutResult[]; removed: PutResult[] }> {
  checkOn(ctx, corpId, 'people-source')
  const { people, departments, removePeople, removeDepartments } = put
  const count = people.length + departments.length + removePeople.length + removeDepartments.length
  if (count > putAtMost)
    throw new ApiError('badParameter', {
      zh: told`一次最多 ${own(putAtMost)} 行，收到 ${own(count)} 行；没有保存`,
      en: told`at most ${own(putAtMost)} rows at once, got ${own(count)}; nothing was stored`,
    })
  const source = await knownSource(ctx.db, corpId, sourceId)
  if (source.kind !== 'put')
    throw new ApiError('badParameter', {
      zh: told`人事源 ${own(sourceId)} 不由接口提交`,
      en: told`source ${own(sourceId)} is not filled by this call`,
    })
  const { developers } = { ...initialSettings, ...source.settings }
  if (!developers.includes(devId)) throw notYours(sourceId, devId, developers)
  const mapping = mappingOf(source.settings)
  const peopleRows = people.map((given): PutResult & { row?: PutRow } => {
    const cells = trimmed(given)
    if (!cells) return unstorable
    const columns = Object.keys(cells)
    const missing = missingOf(() => findColumns(source.settings, columns))
    const { person, problems } = readPerson({ line: 0, cells }, mapping)
    const key = person?.key ?? problems[0]?.key ?? ''
    const why = [...(missing ? [missing] : []), ...problems.map(one => one.why)]
    return person && !missing ? { key, ok: true, why, row: { key, cells } } : { key, ok: false, why }
  })
  const departmentRows = departments.map((given): PutResult & { row?: PutRow } => {
    const cells = trimmed(given)
    if (!cells) return unstorable
    const { code: key = '', name = '' } = cells
    return key !== '' && key.length <= keyAtMost && name !== ''
      ? { key, ok: true, why: [], row: { key, cells } }
      : { key, ok: false, why: [needsCode] }
  })
  const whose = { corpId, sourceId }
  const removed = await ctx.db.transaction().execute(async tx => {
    await lockSource(tx, corpId, sourceId)
    const at = new Date(ctx.now())
    const rowsOf = (all: readonly { row?: PutRow }[]) => [
      ...new Map(all.flatMap(({ row }) => (row ? [[row.key, row] as const] : []))).values(),
    ]
    await putRows(tx, whose, 'person', rowsOf(peopleRows), at)
    await putRows(tx, whose, 'department', rowsOf(departmentRows), at)
    const storable = (keys: readonly string[]) => keys.filter(one => !isDirty(one))
    const gonePeople = await removeRows(tx, whose, 'person', storable(removePeople))
    const goneDepartments = await removeRows(tx, whose, 'department', storable(removeDepartments))
    if ((await countPut(tx, whose)) > recordsAtMost)
      throw new ApiError('badParameter', {
        zh: told`人事源最多 ${own(recordsAtMost)} 行；这一次没有保存`,
        en: told`a source has at most ${own(recordsAtMost)} rows; nothing of this call was stored`,
      })
    if (put.isComplete) {
      await askForPreview(tx, corpId, sourceId, at)
      await enqueue(tx, [{ corpId, stream: sourceStream }], at)
    }
    const resultOf = (keys: ReadonlySet<string>) => (key: string) => ({
      key,
      ok: keys.has(key),
      why: keys.has(key) ? [] : [{ zh: '没有这一行', en: 'there is no such row' }],
    })
    return [...removePeople.map(resultOf(gonePeople)), ...removeDepartments.map(resultOf(goneDepartments))]
  })
  const plain = ({ key, ok, why }: PutResult) => ({ key, ok, why })
  return { people: peopleRows.map(plain), departments: departmentRows.map(plain), removed }
}

function notYours(sourceId: number, devId: string, developers: readonly string[]): ApiError {
  if (developers.length === 0)
    return new ApiError('forbidden', {
      zh: told`人事源 ${own(sourceId)} 没有设置可提交的开发者，没有保存；请管理员在人事源的“可提交的开发者”中加入 ${own(devId)}`,
      en: told`source ${own(sourceId)} names no developer who may fill it, and nothing was stored; administrators add ${own(devId)} to the developers of the source`,
    })
  return new ApiError('forbidden', {
    zh: told`人事源 ${own(sourceId)} 由其他开发者提交，没有保存；请管理员在人事源的“可提交的开发者”中加入 ${own(devId)}`,
    en: told`source ${own(sourceId)} is filled by other developers, and nothing was stored; administrators add ${own(devId)} to the developers of the source`,
  })
}

const needsCode = {
  zh: `需要 code（最多 ${keyAtMost} 个字符）和 name`,
  en: `code, of at most ${keyAtMost} characters, and name are needed`,
}

const unstorable = {
  key: '',
  ok: false,
  why: [{ zh: '含有换行或控制字符', en: 'it has line breaks or control characters' }],
}

/** Undefined for what cannot be stored. */
function trimmed(given: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const entries = Object.entries(given).map(([name, value]) => [name.trim(), value.trim()] as const)
  return entries.some(each => each.some(isDirty)) ? undefined : Object.fromEntries(entries)
}

function missingOf(find: () => unknown): Words | undefined {
  try {
    find()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return { zh: error.reasonIn('zh'), en: error.reasonIn('en') }
    throw error
  }
}
