import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { countOpenHints, putReminder } from '../../../platform/inbox/event-store.ts'
import { type AttemptLimit, createFloodLimit } from '../../../platform/security/counters.ts'

const openAtMost = 5000
const countAgainMs = 500
const perAddress: AttemptLimit = { purpose: 'hint', atMost: 600, windowMs: 60_000 }

/**
 * Stores hints of changes, which anybody may send (docs/interface/address-book.md#notice-of-changes). So each costs little, and
 * both the rate per address and the number of open hints are limited. `entity` is named as in the inbox. Throws 1010.
 */
export type Hints = {
  accept(corpId: string, address: string, changeType: string, entity: string): Promise<void>
}

/**
 * Returns what takes notices that the address book has changed. It throws ApiError 1010 for too many from one address, or too many
 * that wait.
 */
export function createHints(ctx: Core): Hints {
  const countHint = createFloodLimit(ctx, perAddress)
  const counts = new Map<string, { at: number; open: number }>()

  async function takeTurn(corpId: string, address: string) {
    const { isOver, retryAfterSeconds } = await countHint({ corpId, of: address })
    if (!isOver) return
    const words = {
      zh: told`每个地址每分钟最多 ${own(perAddress.atMost)} 次通知，请 ${own(retryAfterSeconds)} 秒后再试`,
      en: told`at most ${own(perAddress.atMost)} notices per minute from one address: try again in ${own(retryAfterSeconds)} s`,
    }
    throw new ApiError('tooManyRequests', words, { retryAfterSeconds })
  }

  async function openHints(corpId: string): Promise<number> {
    const counted = counts.get(corpId)
    if (counted && ctx.now() - counted.at < countAgainMs) return ++counted.open
    const open = await countOpenHints(ctx.db, corpId, 'directory')
    counts.set(corpId, { at: ctx.now(), open })
    return open
  }

  async function accept(corpId: string, address: string, changeType: string, entity: string) {
    await takeTurn(corpId, address)
    if ((await openHints(corpId)) >= openAtMost)
      throw new ApiError('tooManyRequests', {
        zh: '待处理的通知过多，请稍后再试',
        en: 'too many notices are waiting: try again later',
      })
    const reminder = { corpId, stream: 'directory' as const, kind: changeType, entity, isHint: true }
    await putReminder(ctx.db, reminder, new Date(ctx.now()))
  }
  return { accept }
}
