import type { ComposeForm } from '../../compose/compose-form.ts'

/** Kinds that WeCom shows with a watermark, and that nobody forwards, when asked to. */
export function takesSafe(msgType: ComposeForm['msgType']): boolean {
  return ['03', '06', '07', '08'].includes(msgType)
}

/** A card has a button, a text a link below it once it leads somewhere; articles are pressed as a whole. */
export function hasButton({ msgType, url }: Pick<ComposeForm, 'msgType' | 'url'>): boolean {
  return msgType === '01' || (msgType === '03' && url.trim() !== '')
}
