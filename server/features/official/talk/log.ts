import type { Db } from '../../../platform/storage/db.ts'
import { type Push, textIn } from '../../../upstream/official/push.ts'
import type { Account } from '../accounts/accounts.ts'
import type { Effect, StoredPush } from '../callback/process-inbound.ts'
import type { DueSend } from '../sends/store.ts'
import { stepsOf } from './conversation-steps.ts'
import { applySteps } from './conversation-store.ts'
import { toldEvents } from './event-kinds.ts'
import { touchTalk } from './revision-store.ts'
import { insertLines, type NewLine } from './store.ts'

/** Keeps what followers say and do, and what they were answered at once, as lines of conversations. */
export const logTalk: Effect = async (tx, account, pushes) => {
  const handedOver = new Set(pushes.flatMap(({ id, answer }) => (answer?.person ? [id] : [])))
  const added = await insertLines(tx, account, pushes.flatMap(linesOf))
  if (added.length === 0) return
  await applySteps(tx, account, stepsOf(added, handedOver))
  await touchTalk(tx, account)
}

export async function logSends(tx: Db, account: Account, sends: readonly DueSend[], at: Date): Promise<void> {
  const added = await insertLines(
    tx,
    account,
    sends.map(({ id, openid, content, actor }) => ({
      openid,
      isFromFollower: false,
      kind: content.type,
      content,
      sendId: id,
      actor,
      at,
    })),
  )
  if (added.length > 0) await applySteps(tx, account, stepsOf(added, new Set()))
}

function linesOf({ id, receivedAt, push, answer }: StoredPush): NewLine[] {
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
  'KfAccount',
  'FromKfAccount',
  'ToKfAccount',
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
