import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import { acts } from '../../platform/audit/acts.ts'
import type { FieldChange } from '../../platform/audit/changes.ts'
import { type Field, fields } from '../../platform/audit/fields.ts'
import { formatCount, formatMoney } from '../../platform/format.ts'
import { momentIn } from '../../platform/moments.ts'
import { type Language, type Words, wordsIn } from '../../platform/words.ts'
import { valueWords } from './value-words.ts'

/** How an entry is told: in whose language, by whose address book ids become names, and on whose clocks. */
export type TellContext = { language: Language; mirror: Mirror | undefined; timeZone: string }

export type ToldChange = { name: string; before: string; after: string; isSecret: boolean }
export type ToldDetail = { changes: ToldChange[] | null; facts: { name: string; value: string }[] }

/** An act of another version of wisp keeps its code. */
export function actIn(language: Language, act: string): string {
  return Object.hasOwn(acts, act) ? wordsIn(language, acts[act as keyof typeof acts]) : act
}

/** The name at that time; of an export that of the list. */
export function targetNameIn(
  language: Language,
  { act, target, targetName }: { act: string; target: string; targetName: string },
): string {
  const list = act === 'export' ? valueWords.target?.[target] : undefined
  return list ? wordsIn(language, list) : targetName
}

export function detailIn(telling: TellContext, detail: unknown): ToldDetail {
  const { changes, ...rest } = (detail ?? {}) as { changes?: FieldChange[] }
  const told = changes?.map(change => changeIn(telling, change)) ?? null
  const facts = Object.entries(rest).map(([field, value]) => ({
    name: nameOf(telling, field),
    value: valueIn(telling, field, value),
  }))
  return { changes: told, facts }
}

/** The same in one line, for a file. */
export function detailLine(telling: TellContext, detail: unknown): string {
  const { changes, facts } = detailIn(telling, detail)
  const [colon, semicolon, secret] =
    telling.language === 'zh' ? ['：', '；', '已更换'] : [': ', '; ', 'replaced']
  return [
    ...(changes ?? []).map(
      ({ name, before, after, isSecret }) => `${name}${colon}${isSecret ? secret : `${before} → ${after}`}`,
    ),
    ...facts.map(({ name, value }) => `${name}${colon}${value}`),
  ].join(semicolon)
}

function changeIn(telling: TellContext, change: FieldChange): ToldChange {
  const { field, before, after } = change
  return {
    name: nameOf(telling, field),
    before: valueIn(telling, field, before),
    after: valueIn(telling, field, after),
    isSecret: !('after' in change) || pictures.has(field),
  }
}

function nameOf({ language }: TellContext, field: string): string {
  return Object.hasOwn(fields, field) ? wordsIn(language, fields[field as Field]) : field
}

const pictures: ReadonlySet<string> = new Set(['icon', 'iconHash', 'icon_hash'])
/** Numbers that only name something. */
const names: ReadonlySet<string> = new Set(
  'agentId wecom.agentId billId code email.port flow flowId fromSeq id ids memberId memberIds menuN n orgId qrScene refundId request scene status tagId toSeq version'.split(
    ' ',
  ),
)
const yes: Words = { zh: '是', en: 'Yes' }
const no: Words = { zh: '否', en: 'No' }

function valueIn(telling: TellContext, field: string, value: unknown): string {
  const { language } = telling
  if (value === null || value === undefined || value === '') return '—'
  if (Array.isArray(value)) {
    const between = language === 'zh' ? '、' : ', '
    return value.map(one => valueIn(telling, field, one)).join(between) || '—'
  }
  if (typeof value === 'object') return partsIn(telling, field, value)
  if (typeof value === 'boolean') return wordsIn(language, value ? yes : no)
  const word =
    valueWords[field as Field]?.[String(value)] ?? namedIn(telling, field, value as string | number)
  if (word !== undefined) return wordsIn(language, word)
  if (field === 'amount') return formatMoney(Number(value))
  if (typeof value === 'number') return names.has(field) ? String(value) : formatCount(value)
  return textIn(telling, String(value))
}

/** The parts of a value, such as who may see an app. A part that says no is left out. */
function partsIn(telling: TellContext, field: string, value: object): string {
  if ('departmentId' in value) return departmentIn(telling, value)
  const [colon, comma] = telling.language === 'zh' ? ['：', '，'] : [': ', ', ']
  const said = Object.entries(value).flatMap(([name, part]) => {
    if (part === false || part === null || (Array.isArray(part) && part.length === 0)) return []
    if (part === true) return [nameOf(telling, name)]
    // The ends of scopes are kept by scope, limits by group of calls.
    const about = valueWords.scopes?.[name]
    return [
      `${about ? wordsIn(telling.language, about) : nameOf(telling, name)}${colon}${valueIn(telling, name, part)}`,
    ]
  })
  return said.join(comma) || valueIn(telling, field, null)
}

/** A department of a graded administrator, and whether it may be changed. */
function departmentIn(telling: TellContext, value: { departmentId?: unknown; manage?: unknown }): string {
  const name = valueIn(telling, 'departmentId', value.departmentId)
  if (value.manage !== true) return name
  const manages = nameOf(telling, 'manage')
  return telling.language === 'zh' ? `${name}（${manages}）` : `${name} (${manages})`
}

const ofDepartments: ReadonlySet<string> = new Set([
  'departments',
  'departmentId',
  'scopeDepartments',
  'orgIds',
  'orgId',
])
const ofTags: ReadonlySet<string> = new Set(['tags', 'scopeTags', 'tagId'])
const ofMembers: ReadonlySet<string> = new Set(['members', 'userIds', 'userId', 'owners', 'receiver'])
const ofMemberIds: ReadonlySet<string> = new Set(['memberId', 'memberIds'])

/** The name that an id of the address book has now; undefined where it has none, or the field holds no id. */
function namedIn({ mirror }: TellContext, field: string, value: string | number): string | undefined {
  if (!mirror) return undefined
  if (ofDepartments.has(field)) return mirror.tree.get(Number(value))?.department.name
  if (ofTags.has(field)) return mirror.tags.get(Number(value))?.name
  if (ofMemberIds.has(field)) return mirror.members.byId(Number(value))?.name
  if (ofMembers.has(field) && typeof value === 'string') return mirror.members.byKey(userKey(value))?.name
  return undefined
}

/** Times as they are on a clock, and of a hash no more than tells it from others. */
function textIn({ language, timeZone }: TellContext, text: string): string {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text))
    return momentIn(language, new Date(text), { timeZone, to: 'second' })
  return /^[0-9a-f]{32,}$/i.test(text) ? `${text.slice(0, 8)}…` : text
}
