import { createForward, type Forward, type ForwardOptions } from '../transport/forward.ts'
import { OfficialUnavailable } from './errors.ts'
import { isDeadToken } from './passing.ts'

type Options = Omit<ForwardOptions, 'owner' | 'limits' | 'failure' | 'isDeadToken'> & { appId: string }

/**
 * Passes on calls to WeChat with the token of one account. Its quotas differ by call and account, so that only what WeChat says itself
 * is kept (docs/upstream/official-calls.md#quotas).
 */
export function createOfficialForward({ appId, ...options }: Options): Forward {
  return createForward({
    ...options,
    owner: appId,
    failure: OfficialUnavailable,
    isDeadToken,
  })
}
