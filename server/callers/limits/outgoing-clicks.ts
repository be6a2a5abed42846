import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'

const byOne: AttemptLimit = { purpose: 'outgoing-click', atMost: 30, windowMs: 60_000 }
const ofCorp: AttemptLimit = { purpose: 'outgoing-click-corp', atMost: 120, windowMs: 60_000 }

/** How many outgoing calls are made by clicks, counted over all nodes. */
export type OutgoingClicks = {
  /** `by`: the developer that it is done for, or else who clicked. Throws 1010. */
  count(by: string, corpId: string | undefined): Promise<void>
}

export function createOutgoingClicks(ctx: Pick<Core, 'db' | 'now' | 'seal'>): OutgoingClicks {
  const countOne = createFloodLimit(ctx, byOne)
  const countCorp = createFloodLimit(ctx, ofCorp)
  return {
    async count(by, corpId = '') {
      const own = await countOne({ corpId, of: by })
      if (own.isOver)
        throw tooMany(own.retryAfterSeconds, {
          zh: `测试、体检、预览等对外调用每分钟最多 ${byOne.atMost} 次`,
          en: `tests, check-ups, previews and the like may call others ${byOne.atMost} times a minute`,
        })
      const all = await countCorp({ corpId, of: corpId })
      if (all.isOver)
        throw tooMany(all.retryAfterSeconds, {
          zh: `本企业的测试、体检、预览等对外调用每分钟最多 ${ofCorp.atMost} 次`,
          en: `tests, check-ups, previews and the like of a corp may call others ${ofCorp.atMost} times a minute`,
        })
    },
  }
}

function tooMany(retryAfterSeconds: number, { zh, en }: { zh: string; en: string }): ApiError {
  const words = {
    zh: told`${own(zh)}，请 ${own(retryAfterSeconds)} 秒后再试`,
    en: told`${own(en)}: try again in ${own(retryAfterSeconds)} s`,
  }
  return new ApiError('tooManyRequests', words, { retryAfterSeconds })
}
