import { itemsOf, type Node, nodeOf, textOf } from './nodes.ts'

/** How a field's value is given and shown (docs/upstream/wecom-approvals.md#values). `other` cannot be submitted by wisp. */
export type FieldKind =
  | 'text'
  | 'number'
  | 'date'
  | 'time'
  | 'dateRange'
  | 'choice'
  | 'choices'
  | 'members'
  | 'departments'
  | 'files'
  | 'location'
  | 'approvals'
  | 'leave'
  | 'bank'
  | 'rows'
  | 'other'

/** A field of a template, as far as a value for it takes. */
export type TemplateField = {
  id: string
  control: string
  /** The title; with the id behind it where another field has the same. */
  name: string
  kind: FieldKind
  isRequired: boolean
  /** WeCom's own type of a date or a range. */
  unit: string
  /** WeCom's number of what an attendance is for; 0 for others. */
  purpose: number
  options: { key: string; name: string }[]
  /** The columns of `rows`. */
  fields: TemplateField[]
}

const kinds: Readonly<Record<string, FieldKind>> = {
  Text: 'text',
  Textarea: 'text',
  PhoneNumber: 'text',
  Number: 'number',
  Money: 'number',
  DateRange: 'dateRange',
  File: 'files',
  Location: 'location',
  RelatedApproval: 'approvals',
  Vacation: 'leave',
  Attendance: 'dateRange',
  BankAccount: 'bank',
  Table: 'rows',
}
/** They have no value that anybody submits. */
const valueless = new Set(['Tips', 'Formula'])

/** Reads what gettemplatedetail answers (docs/upstream/wecom-approvals.md#templates). */
export function readTemplate(answer: Node): { name: string; fields: TemplateField[] } {
  return {
    name: wordsOf(answer['template_names']),
    fields: fieldsOf(nodeOf(answer['template_content'])['controls']),
  }
}

function fieldsOf(controls: unknown): TemplateField[] {
  const fields = itemsOf(controls).flatMap(
    one => fieldOf(nodeOf(one['property']), nodeOf(one['config'])) ?? [],
  )
  const times = new Map<string, number>()
  for (const { name } of fields) times.set(name, (times.get(name) ?? 0) + 1)
  return fields.map(one => (times.get(one.name) === 1 ? one : { ...one, name: `${one.name} (${one.id})` }))
}

function fieldOf(property: Node, config: Node): TemplateField | undefined {
  const control = textOf(property['control'])
  if (valueless.has(control)) return undefined
  const id = textOf(property['id'])
  const part = (name: string) => nodeOf(config[name])
  const date = part('date')
  const range = control === 'Attendance' ? nodeOf(part('attendance')['date_range']) : part('date_range')
  const vacations = itemsOf(part('vacation_list')['item'])
  const options = vacations.length > 0 ? vacations : itemsOf(part('selector')['options'])
  return {
    id,
    control,
    name: wordsOf(property['title']) || id,
    kind: kindOf(control, part('selector'), part('contact'), date),
    isRequired: Number(property['require']) === 1,
    purpose: Number(part('attendance')['type'] ?? 0),
    unit: textOf(date['type'] ?? range['type']),
    options: options.map(one => ({
      key: textOf(one['key'] ?? one['id']),
      name: wordsOf(one['value'] ?? one['name']),
    })),
    fields: control === 'Table' ? fieldsOf(part('table')['children']) : [],
  }
}

function kindOf(control: string, selector: Node, contact: Node, date: Node): FieldKind {
  if (control === 'Selector') return selector['type'] === 'multi' ? 'choices' : 'choice'
  if (control === 'Contact') return contact['mode'] === 'department' ? 'departments' : 'members'
  if (control === 'Date') return date['type'] === 'hour' ? 'time' : 'date'
  return kinds[control] ?? 'other'
}

/** A text of several languages, in Chinese where there is Chinese. */
function wordsOf(value: unknown): string {
  const texts = itemsOf(value)
  return textOf((texts.find(one => one['lang'] === 'zh_CN') ?? texts[0])?.['text'])
}
