import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import type { Words } from '../../../platform/words.ts'

/** Fields of a member that a source can give; the key and the userid are no fields. */
export const plainFields = [
  'name',
  'alias',
  'mobile',
  'email',
  'bizMail',
  'position',
  'gender',
  'address',
  'departments',
  'leader',
] as const
export type PlainField = (typeof plainFields)[number]
/** `attribute:工号` is the extended attribute of that name. */
export type SourceField = PlainField | `attribute:${string}`

/**
 * Who decides a field of a member that there is. `source`: the source, whatever was changed by hand. `wecom`: WeCom; differences are
 * shown. `person`: the person; the source fills it while it is empty. In a new member the source gives all of them.
 */
export const fieldOwners = ['source', 'wecom', 'person'] as const
export type FieldOwner = (typeof fieldOwners)[number]

/**
 * Fields as texts: `departments` are ids joined by commas, the main one first; `leader` is a userid; `gender` is 1, 2 or ''. What is
 * not there is not known.
 */
export type Values = { [F in PlainField]?: string } & { [F in `attribute:${string}`]: string }

/** Under the restrictions of 2022, WeCom shows these to nobody (docs/upstream/wecom-directory.md#the-restrictions-of-2022). */
export const hiddenFields: readonly SourceField[] = ['mobile', 'email', 'bizMail', 'gender', 'address']

/** Emptied where the source empties what it wrote; WeCom takes an empty one of the others as no change. */
export const clearable = (field: SourceField): boolean =>
  ['alias', 'position', 'address', 'leader'].includes(field) || field.startsWith('attribute:')

export const isField = (name: string): name is SourceField =>
  plainFields.includes(name as PlainField) || /^attribute:[^\s:][^:]{0,31}$/.test(name)

export const fieldWords: Record<PlainField, Words> = {
  name: { zh: '姓名', en: 'name' },
  alias: { zh: '别名', en: 'alias' },
  mobile: { zh: '手机', en: 'mobile' },
  email: { zh: '个人邮箱', en: 'personal mail' },
  bizMail: { zh: '企业邮箱', en: 'corp mail' },
  position: { zh: '职务', en: 'position' },
  gender: { zh: '性别', en: 'gender' },
  address: { zh: '地址', en: 'address' },
  departments: { zh: '部门', en: 'departments' },
  leader: { zh: '直属上级', en: 'leader' },
}

export function wordsOfField(field: SourceField): Words {
  const plain = fieldWords[field as PlainField] as Words | undefined
  const name = field.slice('attribute:'.length)
  return plain ?? { zh: name, en: name }
}

/** A member as the address book has it. */
export type KnownMember = {
  id: number
  userId: string
  status: number
  departments: readonly number[]
  values: Values
}

export const isDisabled = ({ status }: Pick<KnownMember, 'status'>): boolean =>
  status === memberStatus.disabled

/** The main department first, the others by id. */
export function departmentsText(ids: readonly number[], main: number | undefined): string {
  const first = main !== undefined && ids.includes(main) ? main : ids[0]
  const others = [...new Set(ids)].filter(id => id !== first).sort((a, b) => a - b)
  return first === undefined ? '' : [first, ...others].join(',')
}

export const departmentsOf = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number))
