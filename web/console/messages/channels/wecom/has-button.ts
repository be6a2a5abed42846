import type { ComposeForm } from '../../compose/compose-form.ts'

/** A card has a button, a text a link below it once it leads somewhere; articles are pressed as a whole. */
export function hasButton({ msgType, url }: Pick<ComposeForm, 'msgType' | 'url'>): boolean {
  return msgType === '01' || (msgType === '03' && url.trim() !== '')
}
