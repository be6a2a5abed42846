import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { hasControlCharacter, isMailAddress } from '../../../platform/http/rules.ts'
import type { Words } from '../../../platform/words.ts'
import type { FieldOwner, SourceField, Values } from './fields.ts'
import { type Problem, problems, type TooLongCell } from './problems.ts'

/** A line of a source: the texts of its columns, cut where one is too long. */
export type SourceRecord = {
  line: number
  cells: Readonly<Record<string, string>>
  tooLong?: TooLongCell
  /** The file ends in the middle of it. */
  isCutOff?: true
}

/** Which column gives a field, and who decides it afterwards. */
export type FieldMapping = { field: SourceField; column: string; owner: FieldOwner }

export type Mapping = {
  /** The column by which the source knows its people, and which never changes for a person. */
  key: string
  /** The column with the userid of new members; '' where the key is the userid. */
  userId: string
  fields: readonly FieldMapping[]
  /** The column that says whether somebody works here; '' where everybody in the source does. */
  status: string
  here: readonly string[]
  gone: readonly string[]
  /** Between several departments of a person, and between the names of a path. */
  separator: string
  pathSeparator: string
}

/** A person of the source. `values` has neither departments nor leader, which are resolved with all the others. */
export type SourcePerson = {
  line: number
  key: string
  userId: string
  values: Values
  /** Codes, or paths from the top, the main one first; undefined where no column gives them, or the cell is empty. */
  departments: readonly string[] | undefined
  /** As the source names them; undefined where no column gives it. */
  leader: string | undefined
  isGone: boolean
}

/** How many characters WeCom takes (docs/upstream/wecom-directory.md#writing-members). */
const longest: Partial<Record<SourceField, number>> = { name: 64, alias: 64, position: 128, address: 128 }
const attributeAtMost = 128
/** Of people, and of departments by code. */
export const keyAtMost = 128
/** Under this key a source holds a member whom it let go without ever having had; no line of a source has such a key. */
export const keyOfStranger = (memberId: number): string => `=${memberId}`
export const isStranger = (key: string): boolean => key.startsWith('=')
/** A path has the names of all levels. */
export const pathAtMost = 500

const genders: Readonly<Record<string, string>> = {
  男: '1',
  m: '1',
  male: '1',
  '1': '1',
  女: '2',
  f: '2',
  female: '2',
  '2': '2',
  '': '',
  '0': '',
  未知: '',
}

/** Words that say whether somebody works here, where the settings name none. */
export const usualHere = ['在职', '试用', '正式', '实习', '1', 'true', 'active', 'yes', '是']
export const usualGone = ['离职', '已离职', '退休', '0', 'false', 'inactive', 'no', '否']

/** A person, or what is wrong with the line. `problems` of a person are about single fields, which are left out. */
export function readPerson(
  { line, cells, tooLong, isCutOff }: SourceRecord,
  mapping: Mapping,
): { person?: SourcePerson; problems: Problem[] } {
  const cell = (column: string) => (cells[column] ?? '').trim()
  const key = cell(mapping.key)
  const bad = (why: Words, field?: SourceField): Problem => ({ line, key, why, field })
  // More lines may be missing behind it, so that nobody leaves.
  if (isCutOff) return { problems: [{ line, key: '', why: problems.cutOff }] }
  // What a spreadsheet made of a key is nobody's.
  if (
    key === '' ||
    key.length > keyAtMost ||
    isStranger(key) ||
    /^\d[.,]\d+e\+?\d+$/i.test(key) ||
    isDirty(key)
  )
    return { problems: [{ line, key: '', why: problems.noKey(mapping.key) }] }
  if (tooLong) return { problems: [bad(problems.cellTooLong(tooLong))] }
  const formula = [mapping.userId, mapping.status].find(column => column && cell(column).startsWith('='))
  if (formula) return { problems: [bad(problems.formula(formula))] }
  const dirty = [mapping.userId, mapping.status].find(column => column && isDirty(cell(column)))
  if (dirty) return { problems: [bad(problems.control(dirty))] }
  const userId = mapping.userId === '' ? key : cell(mapping.userId) || key
  if (!/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(userId))
    return { problems: [bad(problems.badUserId(userId))] }
  const state = mapping.status === '' ? 'here' : stateOf(cell(mapping.status), mapping)
  if (state === undefined) return { problems: [bad(problems.badStatus(cell(mapping.status)))] }
  const person: SourcePerson = {
    line,
    key,
    userId,
    values: {},
    departments: undefined,
    leader: undefined,
    isGone: state === 'gone',
  }
  const found: Problem[] = []
  for (const { field, column } of mapping.fields) {
    const text = cell(column)
    if (isDirty(text)) found.push(bad(problems.control(column), field))
    else if (text.startsWith('=')) found.push(bad(problems.formula(column), field))
    else if (field === 'departments') person.departments = listOf(text, mapping.separator)
    else if (field === 'leader') person.leader = text
    else {
      const { value = '', why } = readValue(field, text)
      if (why) found.push(bad(why, field))
      else person.values[field] = value
    }
  }
  return { person, problems: found }
}

/** Neither WeCom nor the database takes such a text. Tabs that exports put behind numbers have been trimmed. */
export const isDirty = (text: string): boolean => hasControlCharacter(text, false) || !text.isWellFormed()

function stateOf(text: string, { here, gone }: Mapping): 'here' | 'gone' | undefined {
  const isIn = (list: readonly string[], usual: readonly string[]) =>
    (list.length > 0 ? list : usual).some(one => one.toLowerCase() === text.toLowerCase())
  if (isIn(gone, usualGone)) return 'gone'
  return isIn(here, usualHere) ? 'here' : undefined
}

function listOf(text: string, separator: string): string[] | undefined {
  const list = (separator === '' ? [text] : text.split(separator)).map(one => one.trim()).filter(Boolean)
  return list.length > 0 ? [...new Set(list)] : undefined
}

function readValue(field: SourceField, text: string): { value?: string; why?: Words } {
  const atMost = longest[field] ?? (field.startsWith('attribute:') ? attributeAtMost : undefined)
  if (atMost !== undefined && [...text].length > atMost) return { why: problems.tooLong(field, atMost) }
  if (field === 'mobile') return text === '' ? { value: '' } : readMobile(text)
  if (field === 'email' || field === 'bizMail')
    return text === '' || (isMailAddress(text) && text.length <= 64)
      ? { value: text }
      : { why: problems.badMail(text) }
  if (field !== 'gender') return { value: text }
  const gender = genders[text.toLowerCase()]
  return gender === undefined ? { why: problems.badGender(text) } : { value: gender }
}

/** As WeCom has it: mainland numbers as 11 digits, others with country code. */
function readMobile(given: string): { value?: string; why?: Words } {
  if (/^[\d.]+e\+?\d+$/i.test(given)) return { why: problems.spreadsheet }
  // Spreadsheets and input methods write wide digits.
  const parsed = parsePhoneNumberFromString(given.normalize('NFKC'), 'CN')
  if (!parsed?.isPossible()) return { why: problems.badMobile(given) }
  if (parsed.countryCallingCode !== '86') return { value: parsed.number }
  const national = String(parsed.nationalNumber)
  return /^1[3-9]\d{9}$/.test(national) ? { value: national } : { why: problems.badMobile(given) }
}
