import type { CallLimits } from '../transport/call-budget.ts'
import { createForward, type Forward, type ForwardOptions } from '../transport/forward.ts'
import { WecomUnavailable } from './errors.ts'
import { refusesToken } from './passing.ts'

/** docs/upstream/wecom-calls.md#limits-of-calls */
const limits: CallLimits = {
  perOwner: { perMinute: 10_000, perHour: 150_000 },
  perAddress: { perMinute: 20_000, perHour: 600_000 },
}

type Options = Omit<ForwardOptions, 'owner' | 'limits' | 'failure' | 'isDeadToken'> & { corpId: string }

/** Passes on calls to WeCom with the token of one application. */
export function createWecomForward({ corpId, ...options }: Options): Forward {
  return createForward({
    ...options,
    owner: corpId,
    limits,
    failure: WecomUnavailable,
    isDeadToken: refusesToken,
  })
}
