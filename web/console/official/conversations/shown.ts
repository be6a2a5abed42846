import type { Areas } from '../../../text/areas.ts'
import type { Answer, CallInput } from '../../../ui/data/api.ts'

export type ShownConversation = Answer<'/web/official/conversation'>
export type Conversation = ShownConversation['conversation']
export type ShownLine = ShownConversation['lines'][number]
export type Message = CallInput<'/web/official/conversation/say'>['message']
/** Resolves with whether it was taken. */
export type SendMessage = (message: Message) => Promise<boolean>

/** What kind of line it is, in words; a newer one keeps WeChat's name. */
export function kindName(t: (key: keyof Areas['official-conversations']) => string, kind: string): string {
  const key = `kind:${kind}` as keyof Areas['official-conversations']
  const words = t(key)
  return words === key ? kind : words
}
