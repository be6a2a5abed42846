import type { Translator } from '../../ui/text.ts'

/** The name of an input that is cut to a channel's limits. */
export function fieldName(t: Translator<'messages'>, field: string): string {
  const known = (['title', 'content', 'btntxt', 'url'] as const).find(one => one === field)
  return known ? t(`field_${known}`) : field
}
