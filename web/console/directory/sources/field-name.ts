import { useText } from '../../../ui/text.ts'

const named = [
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
  'parent',
  'order',
  'enable',
] as const

/** What a field is called; an extended attribute has its own name. */
export function useFieldName(): (field: string) => string {
  const t = useText('sources')
  return field => {
    const known = named.find(one => one === field)
    return known ? t(`field_${known}`) : field.replace(/^attribute:/, '')
  }
}
