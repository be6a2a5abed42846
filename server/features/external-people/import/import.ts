import { zoneOf } from '../../../organisation/corps/corps.ts'
import { dayOfText } from '../../../organisation/groups/match.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkColumns } from '../../../platform/http/tables/columns.ts'
import {
  checkPreviewed,
  type ImportedFile,
  type Importer,
  oneFileOfCorp,
  previewToken,
} from '../../../platform/http/tables/uploaded-file.ts'
import { told } from '../../../platform/http/told.ts'
import { momentOfClock } from '../../../platform/moments.ts'
import type { Words } from '../../../platform/words.ts'
import {
  addPeople,
  type ContactOf,
  checkPerson,
  conflictsOf,
  type ExternalInput,
  type ExternalNeeds,
} from '../people.ts'
import { type ImportFile, type ImportRecord, readPeopleFile } from './import-file.ts'

export type ImportedPerson = ImportRecord & {
  /** Undefined for a line that is wrong. */
  person: ExternalInput | undefined
  /** Why it is not imported. */
  why: Words | undefined
  userId: string
}

const purpose = 'external people import'

/**
 * The end of the day that a cell names, by the clocks of the corp, or the time with a zone that it gives. A spreadsheet keeps a day as
 * `2027-06-30`, or as `2027/6/30`. Throws 1000.
 */
export function readEnd(given: string, timeZone: string): Date {
  const named = given.trim().replace(/[ T]0{1,2}:00(?::00)?$/, '')
  const day = /[\s:T]/.test(named) ? undefined : dayOfText(named)
  if (day) return new Date(momentOfClock(`${day}T23:59:59`, timeZone))
  const at = /:.*(?:[Zz]|[+-]\d{2}:?\d{2})$/.test(named) ? Date.parse(named) : Number.NaN
  if (Number.isFinite(at)) return new Date(at)
  throw new ApiError('badParameter', {
    zh: told`endsAt：到期 ${given} 应为日期，如 2027-06-30，或带时区的 ISO 8601 时间`,
    en: told`endsAt: ${given} should be a day such as 2027-06-30, or ISO 8601 with a zone`,
  })
}

/** Compares every line with the present address book. */
async function checkRows(
  ctx: ExternalNeeds,
  corpId: string,
  records: readonly ImportRecord[],
): Promise<ImportedPerson[]> {
  const timeZone = zoneOf(ctx, corpId)
  const lines = new Map<string, number>()
  const contacts = new Map<ImportedPerson, ContactOf>()
  const rows = records.map((record): ImportedPerson => {
    try {
      const { name, mobile = '', email = '', organisation, department = '', sponsor } = record
      const endsAt = readEnd(record.endsAt, timeZone)
      const person = { name, mobile, email, organisation, department, sponsor: { userId: sponsor }, endsAt }
      const checked = checkPerson(ctx, corpId, person)
      const keys = [checked.mobile, checked.email.toLowerCase()].filter(Boolean)
      const before = keys.map(key => lines.get(key)).find(line => line !== undefined)
      if (before !== undefined) return { ...record, userId: '', person: undefined, why: doubled(before) }
      for (const key of keys) lines.set(key, record.line)
      const row: ImportedPerson = { ...record, userId: '', person, why: undefined }
      contacts.set(row, { id: 0, mobile: checked.mobile, email: checked.email })
      return row
    } catch (error) {
      return { ...record, userId: '', person: undefined, why: whyOf(error) }
    }
  })
  const good = [...contacts.keys()]
  for (const [at, error] of await conflictsOf(ctx.db, corpId, [...contacts.values()])) {
    good[at]!.why = whyOf(error)
    good[at]!.person = undefined
  }
  return rows
}

const doubled = (line: number): Words => ({
  zh: `手机号或邮箱与第 ${line} 行相同，只取第 ${line} 行`,
  en: `the mobile or mail address is that of line ${line}, which counts`,
})

function whyOf(error: unknown): Words {
  if (!(error instanceof ApiError)) throw error
  return { zh: error.reasonIn('zh'), en: error.reasonIn('en') }
}

export async function previewPeople(
  ctx: ExternalNeeds,
  { corpId, who }: { corpId: string; who: string },
  file: ImportedFile,
): Promise<{ token: string; about: Omit<ImportFile, 'records'>; rows: ImportedPerson[] }> {
  return oneFileOfCorp(corpId, async () => {
    const { records, ...about } = await readPeopleFile(file.bytes, file.chosen)
    const rows = await checkRows(ctx, corpId, records)
    return { token: previewToken(ctx, importerOf(corpId, who), file), about, rows }
  })
}

const importerOf = (corpId: string, who: string): Importer => ({ purpose, corpId, who })

/** Checks all lines again and adds the good ones, in one act. Whom an earlier import added is refused as a double. Throws 1000. */
export async function applyPeople(
  ctx: ExternalNeeds,
  { corpId, who, actor }: { corpId: string; who: string; actor: string },
  file: ImportedFile & { fileName: string; token: string },
): Promise<ImportedPerson[]> {
  checkPreviewed(ctx, importerOf(corpId, who), file, file.token)
  return oneFileOfCorp(corpId, () => importPeople(ctx, { corpId, actor }, file))
}

/** The same without a preview, for the command line. */
export async function importPeople(
  ctx: ExternalNeeds,
  { corpId, actor }: { corpId: string; actor: string },
  { bytes, chosen, fileName }: ImportedFile & { fileName: string },
): Promise<ImportedPerson[]> {
  const { records } = checkColumns(await readPeopleFile(bytes, chosen))
  const rows = await checkRows(ctx, corpId, records)
  const good = rows.filter(row => row.person !== undefined)
  if (good.length === 0) return rows
  const people = good.map(row => row.person!)
  const made = await addPeople(ctx, actor, corpId, people, fileName)
  for (const [at, row] of good.entries()) row.userId = made[at] ?? ''
  return rows
}
