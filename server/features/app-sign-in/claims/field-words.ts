import type { Words } from '../../../platform/words.ts'
import { type Field, fieldWords } from './fields.ts'

/** What a field is called; an extended attribute by the name that the corp gave it. */
export function fieldOf(field: Field): Words {
  if (!field.startsWith('attribute:')) return fieldWords[field as keyof typeof fieldWords]
  const name = field.slice('attribute:'.length)
  return { zh: name, en: name }
}
