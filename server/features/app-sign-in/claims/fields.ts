import type { Words } from '../../../platform/words.ts'

/** A field of the address book that an application may be given; `attribute:<name>` is one of WeCom's extended attributes. */
export type Field =
  | 'userid'
  | 'name'
  | 'employeeNumber'
  | 'mobile'
  | 'email'
  | 'position'
  | 'mainDepartment'
  | `attribute:${string}`

export const fieldWords: Readonly<Record<Exclude<Field, `attribute:${string}`>, Words>> = {
  userid: { zh: '账号 (userid)', en: 'Account (userid)' },
  name: { zh: '姓名', en: 'Name' },
  employeeNumber: { zh: '工号', en: 'Employee number' },
  mobile: { zh: '手机号', en: 'Mobile number' },
  email: { zh: '邮箱', en: 'Mail address' },
  position: { zh: '职务', en: 'Position' },
  mainDepartment: { zh: '主部门', en: 'Main department' },
}

/** Returns whether a field may identify a person: unique in a corp, and not editable by its member. */
export function namesPerson(field: Field): boolean {
  return (
    field === 'userid' ||
    field === 'employeeNumber' ||
    field === 'mobile' ||
    field === 'email' ||
    field.startsWith('attribute:')
  )
}

export function isField(text: string): text is Field {
  if (text.startsWith('attribute:')) return text.length > 'attribute:'.length && text.length <= 64
  return Object.hasOwn(fieldWords, text)
}
