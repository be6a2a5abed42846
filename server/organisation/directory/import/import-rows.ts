import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { type Language, type Words, wordsIn } from '../../../platform/words.ts'
import { sees, supplementsMember, type Viewer } from '../console/viewer.ts'
import { maskMobile } from '../mask-mobile.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import { aliasesOf } from '../store.ts'
import type { Supplement } from '../supplement/supplement.ts'
import { isFromWecom, type ShownMember, shownOf } from '../supplement/supplement-store.ts'
import type { ImportFile, ImportRecord } from './import-file.ts'
import { doubledWords, type ImportWord, importWords } from './import-words.ts'

/**
 * A remark about one cell. `error`: the cell is not imported. `notice`: it need not be, because WeCom provides the field
 * itself or the value is already stored.
 */
export const importProblemSchema = Type.Object({
  line: Type.Number(),
  column: Type.Enum(['email', 'userId', 'mobile']),
  /** Mobiles are masked. */
  value: Type.String(),
  severity: Type.Enum(['error', 'notice']),
  why: Type.String(),
})
export type ImportProblem = Static<typeof importProblemSchema>

/** A problem with its reason still in all languages. */
type RowProblem = Omit<ImportProblem, 'why'> & { why: Words }

export type CheckedRow = {
  line: number
  userId: string
  userName: string
  mobile: string
  email: string
  problems: RowProblem[]
  /** Undefined when nothing of the row has to be stored. */
  supplement: Supplement | undefined
}

export const importCountsSchema = Type.Object({
  rows: Type.Number(),
  /** Rows of which something is stored; then rows that need no storing, and rows with an error. */
  stored: Type.Number(),
  unchanged: Type.Number(),
  wrong: Type.Number(),
  mobiles: Type.Number(),
  emails: Type.Number(),
})
export type ImportCounts = Static<typeof importCountsSchema>

/** Compares every line with the current address book. */
export async function checkRows(
  ctx: Core,
  viewer: Viewer,
  file: Pick<ImportFile, 'records'>,
): Promise<CheckedRow[]> {
  const cores = await namedCores(ctx, viewer, file.records)
  const shown = await shownRows(ctx, viewer.corpId, [...cores.values()])
  const lines = new Map<number, number>()
  return file.records.map(record => {
    const core = cores.get(userKey(record.userId))
    const problem = problemOfUser(viewer, record, core, lines)
    const row = { line: record.line, userId: record.userId, userName: core?.name ?? '' }
    if (problem || !core) {
      const problems = problem
        ? [{ line: record.line, column: 'userId', severity: 'error', ...problem } as const]
        : []
      return {
        ...row,
        userName: '',
        mobile: maskMobile(record.mobile),
        email: record.email,
        problems,
        supplement: undefined,
      }
    }
    lines.set(core.id, record.line)
    return { ...row, userId: core.userId, ...checkValues(record, core, shown.get(core.id)) }
  })
}

export function problemsIn(language: Language, rows: readonly CheckedRow[]): ImportProblem[] {
  return rows.flatMap(row => row.problems.map(one => ({ ...one, why: wordsIn(language, one.why) })))
}

export function countRows(rows: readonly CheckedRow[]): ImportCounts {
  const hasError = (row: CheckedRow) => row.problems.some(one => one.severity === 'error')
  return {
    rows: rows.length,
    stored: rows.filter(row => row.supplement).length,
    unchanged: rows.filter(row => !row.supplement && !hasError(row)).length,
    wrong: rows.filter(hasError).length,
    mobiles: rows.filter(row => row.supplement?.mobile !== undefined).length,
    emails: rows.filter(row => row.supplement?.email !== undefined).length,
  }
}

/** The visible members by lower-case userid; a former userid stands for its person. */
async function namedCores(
  ctx: Core,
  viewer: Viewer,
  records: readonly ImportRecord[],
): Promise<Map<string, MemberCore>> {
  const { members } = viewer.mirror
  const keys = [...new Set(records.map(record => userKey(record.userId)))]
  const strange = keys.filter(key => key !== '' && !members.byKey(key))
  const aliases = await aliasesOf(ctx.db, viewer.corpId, strange, new Date(ctx.now()))
  const renamed = new Map(aliases.map(one => [one.userKey, members.byId(one.memberId)]))
  return new Map(
    keys.flatMap(key => {
      const core = members.byKey(key) ?? renamed.get(key)
      return core && sees(viewer, core) ? [[key, core] as const] : []
    }),
  )
}

const readAtOnce = 5000

async function shownRows(
  ctx: Core,
  corpId: string,
  cores: readonly MemberCore[],
): Promise<Map<number, ShownMember>> {
  const shown = new Map<number, ShownMember>()
  for (let at = 0; at < cores.length; at += readAtOnce) {
    const ids = cores.slice(at, at + readAtOnce).map(core => core.id)
    for (const row of await shownOf(ctx.db, corpId, ids)) shown.set(row.id, row)
  }
  return shown
}

function problemOfUser(
  viewer: Viewer,
  record: ImportRecord,
  core: MemberCore | undefined,
  lines: ReadonlyMap<number, number>,
): { value: string; why: Words } | undefined {
  const value = record.userId
  if (value === '') return { value, why: importWords.noUserId }
  if (!core) return { value, why: importWords.unknown }
  if (!supplementsMember(viewer, core)) return { value, why: importWords.notManaged }
  const before = lines.get(core.id)
  return before === undefined ? undefined : { value, why: doubledWords(before) }
}

type ValueCheck = Pick<CheckedRow, 'mobile' | 'email' | 'problems' | 'supplement'>

function checkValues(record: ImportRecord, core: MemberCore, shown: ShownMember | undefined): ValueCheck {
  const problems: RowProblem[] = []
  const supplement: Supplement = { memberId: core.id }
  const { line } = record
  const mobile = record.mobile === '' ? undefined : readMobile(record.mobile)
  const masked = maskMobile(mobile?.value ?? record.mobile)
  const say = (column: 'mobile' | 'email', severity: 'error' | 'notice', why: ImportWord) =>
    problems.push({
      line,
      column,
      severity,
      why: importWords[why],
      value: column === 'mobile' ? masked : record.email,
    })
  if (mobile?.why !== undefined) say('mobile', 'error', mobile.why)
  else if (mobile) {
    const notice = noticeOf(shown, 'mobile', mobile.value)
    if (notice) say('mobile', 'notice', notice)
    else supplement.mobile = mobile.value
  }
  if (record.email !== '') {
    const notice = noticeOf(shown, 'email', record.email)
    if (!isMailAddress(record.email) || record.email.length > 254) say('email', 'error', 'noMail')
    else if (notice) say('email', 'notice', notice)
    else supplement.email = record.email
  }
  if (record.mobile === '' && record.email === '')
    problems.push({
      line,
      column: 'userId',
      severity: 'notice',
      value: core.userId,
      why: importWords.empty,
    })
  const isEmpty = supplement.mobile === undefined && supplement.email === undefined
  return { mobile: masked, email: record.email, problems, supplement: isEmpty ? undefined : supplement }
}

function noticeOf(
  shown: ShownMember | undefined,
  field: 'mobile' | 'email',
  value: string,
): ImportWord | undefined {
  const present = shown?.[field] ?? ''
  if (present === value) return 'same'
  const isWecom = present !== '' && shown !== undefined && isFromWecom(shown.fromWecom, field)
  return isWecom ? 'fromWecom' : undefined
}

/** Brings a mobile into WeCom's form: mainland numbers as 11 digits, others in E.164. */
function readMobile(
  given: string,
): { value: string; why?: undefined } | { value?: undefined; why: ImportWord } {
  if (/^[\d.]+e\+?\d+$/i.test(given)) return { why: 'spreadsheet' }
  const parsed = parsePhoneNumberFromString(given, 'CN')
  if (!parsed?.isPossible()) return { why: 'noMobile' }
  if (parsed.countryCallingCode !== '86') return { value: parsed.number }
  const national = String(parsed.nationalNumber)
  return /^1[3-9]\d{9}$/.test(national) ? { value: national } : { why: 'shortMobile' }
}
