import { type Static, Type } from 'typebox'
import { time } from '../../../platform/http/output.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import { sendReasonWords } from '../sends/reason.ts'
import { isShownMedia, shownMedia } from './media.ts'
import type { ConversationLine } from './store.ts'

export const lineSchema = Type.Object({
  /** `l` and the line's number, or `s` and that of a message which is not out. */
  key: Type.String(),
  /** Of a line that stands for good; null of the others. */
  id: Type.Union([Type.Number(), Type.Null()]),
  at: time,
  isFromFollower: Type.Boolean(),
  kind: Type.String(),
  /** What was said, or the key of the menu, the scene, the member it was given to, the name of WeChat's own service. */
  text: Type.String(),
  title: Type.String(),
  description: Type.String(),
  url: Type.String(),
  picUrl: Type.String(),
  media: Type.Union([Type.Enum(shownMedia), Type.Null()]),
  /** Who wrote it: a userid or the administrator's name; '' for automatic ones. */
  actor: Type.String(),
  actorName: Type.String(),
  by: Type.Union([Type.Enum(['reply', 'conversation', 'api']), Type.Null()]),
  state: Type.Union([Type.Enum(['sending', 'sent', 'failed', 'unknown']), Type.Null()]),
  reason: Type.String(),
  rid: Type.String(),
})
export type LineView = Static<typeof lineSchema>

export function viewOfLine(
  line: ConversationLine,
  nameOf: (userId: string) => string,
  language: Language,
): LineView {
  const { id, sendId, at, isFromFollower, kind, actor, origin, state, reason } = line
  const read = (...names: string[]) => {
    for (const name of names) if (typeof line.content[name] === 'string') return line.content[name]
    return ''
  }
  const userId = read('userId')
  return {
    key: id === null ? `s${sendId}` : `l${id}`,
    id,
    at,
    isFromFollower,
    kind,
    actor,
    text:
      kind === 'assigned'
        ? nameOf(userId)
        : read(
            'Content',
            'content',
            'Recognition',
            'Label',
            'EventKey',
            'KfAccount',
            'ToKfAccount',
            'kfAccount',
          ),
    title: read('Title', 'title'),
    description: kind === 'assigned' ? read('note') : read('Description', 'description'),
    url: read('Url', 'url'),
    picUrl: read('picUrl'),
    media: id !== null && isShownMedia(kind) ? kind : null,
    actorName: nameOf(actor),
    by: origin,
    state: state === 'waiting' ? 'sending' : state,
    reason: reason === null || state === 'sent' ? '' : wordsIn(language, sendReasonWords(reason)),
    rid: reason?.code === 'refused' && state !== 'sent' ? reason.rid : '',
  }
}
