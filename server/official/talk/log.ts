import type { Db } from '../../storage/db.ts'
import { type Push, textIn } from '../../upstream/official/push.ts'
import type { Account } from '../accounts/accounts.ts'
import type { Effect, Inbound } from '../callback/process-inbound.ts'
import type { DueSend } from '../sends/store.ts'
import { insertLines, type NewLine } from './store.ts'

/** Keeps what followers say and do, and what they were answered at once, as lines of conversations. */
export const logTalk: Effect = async (tx, account, pushes) => {
  await insertLines(tx, account, pushes.flatMap(linesOf))
}

export async function logSends(tx: Db, account: Account, sends: readonly DueSend[], at: Date): Promise<void> {
  await insertLines(
    tx,
    account,
    sends.map(({ id, openid, content }) => ({
      openid,
      isFromFollower: false,
      kind: content.type,
      content,
      sendId: id,
      at,
    })),
  )
}

/** Events that a person reads in a conversation; the others are results of jobs and news about the account itself. */
const toldEvents = new Map([
  ['subscribe', 'subscribe'],
  ['unsubscribe', 'unsubscribe'],
  ['SCAN', 'scan'],
  ['CLICK', 'click'],
  ['scancode_push', 'click'],
  ['scancode_waitmsg', 'click'],
  ['pic_sysphoto', 'click'],
  ['pic_photo_or_album', 'click'],
  ['pic_weixin', 'click'],
  ['location_select', 'click'],
  ['VIEW', 'view'],
  ['view_miniprogram', 'view'],
])

function linesOf({ id, receivedAt, push, answer }: Inbound): NewLine[] {
  const kind = push.msgType === 'event' ? toldEvents.get(push.event ?? '') : push.msgType
  if (kind === undefined) return []
  const about = { openid: push.fromUserName, eventId: id, at: receivedAt }
  const asked: NewLine = { ...about, isFromFollower: true, kind, content: contentOf(push) }
  const passive = answer?.passive
  if (!passive) return [asked]
  return [asked, { ...about, isFromFollower: false, kind: passive.type, content: passive }]
}

const keptFields = [
  'Content',
  'PicUrl',
  'MediaId',
  'ThumbMediaId',
  'Format',
  'Recognition',
  'Location_X',
  'Location_Y',
  'Label',
  'Title',
  'Description',
  'Url',
  'EventKey',
]

/** The fields that tell what was said, under WeChat's own names. */
function contentOf({ fields }: Push): Record<string, string> {
  return Object.fromEntries(
    keptFields.flatMap(name => {
      const text = textIn(fields, name)
      return text ? [[name, text]] : []
    }),
  )
}
