import type { Core } from '../../../platform/core.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { putSends } from './sends.ts'
import { closeWindows, type Opening, openWindows } from './store.ts'
import { windowOf } from './windows.ts'

/** Opens the windows in which a follower may be written to. */
export const openSendWindows: Effect = async (tx, account, pushes) => {
  const openings: Opening[] = pushes.flatMap(({ push, receivedAt }) => {
    const openedBy = windowOf(push)
    return openedBy ? [{ openid: push.fromUserName, openedBy, at: receivedAt }] : []
  })
  if (openings.length > 0) await openWindows(tx, account, openings)
  const last = new Map(pushes.map(one => [one.push.fromUserName, one]))
  const left = [...last].flatMap(([openid, { push, receivedAt: at }]) =>
    push.event === 'unsubscribe' ? [{ openid, at }] : [],
  )
  if (left.length > 0) await closeWindows(tx, account, left)
}

/** What was decided with a push but could not go back with its answer. */
export function sendLaterAnswers(ctx: Pick<Core, 'now'>): Effect {
  return async (tx, account, pushes) => {
    const sends = pushes.flatMap(({ id, push, answer }) =>
      (answer?.later ?? []).flatMap((content, n) =>
        content.type === 'transfer'
          ? []
          : [{ openid: push.fromUserName, origin: 'reply' as const, originKey: `${id} ${n}`, content }],
      ),
    )
    await putSends(tx, ctx, account, sends)
  }
}
