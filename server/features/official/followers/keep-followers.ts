import type { Core } from '../../../platform/core.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Push } from '../../../upstream/official/push.ts'
import { whyNot } from '../accounts/abilities.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { type FollowerPresence, noteSeen } from './store.ts'

/**
 * Records who follows the account: people who write or subscribe do, and people who unsubscribe do not. WeChat is asked about
 * newcomers right after it.
 */
export const keepFollowers =
  (ctx: Pick<Core, 'now'>): Effect =>
  async (tx, account, pushes) => {
    const seen = new Map<string, FollowerPresence>()
    for (const { push, receivedAt } of pushes) {
      if (!isOfFollower(push)) continue
      const qrScene = qrSceneOf(push) ?? seen.get(push.fromUserName)?.qrScene
      seen.set(push.fromUserName, {
        openid: push.fromUserName,
        subscribed: push.event !== 'unsubscribe',
        at: receivedAt,
        ...(qrScene === undefined ? {} : { qrScene }),
      })
    }
    if (seen.size === 0) return
    const isUnread = await noteSeen(tx, account, [...seen.values()])
    if (!isUnread || whyNot(account, 'followers')) return
    const { corpId, originalId } = account
    await enqueue(tx, [{ corpId, stream: 'official-followers', key: originalId }], new Date(ctx.now()))
  }

const ofFollowers = new Set([
  'subscribe',
  'unsubscribe',
  'SCAN',
  'LOCATION',
  'CLICK',
  'VIEW',
  'view_miniprogram',
])

/** Results of jobs come in the name of WeChat's own helper. */
function isOfFollower({ msgType, event = '' }: Push): boolean {
  return msgType !== 'event' || ofFollowers.has(event) || /^(scancode|pic|location)_/.test(event)
}

/**
 * A new follower's event says `qrscene_<scene>`, that of one who follows already the scene alone
 * (docs/upstream/official-followers.md#qr-codes).
 */
function qrSceneOf({ event, eventKey = '' }: Push): string | undefined {
  if (event === 'SCAN') return eventKey
  if (event === 'subscribe' && eventKey.startsWith('qrscene_')) return eventKey.slice('qrscene_'.length)
  return undefined
}
