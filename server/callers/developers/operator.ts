import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { defaultScopes } from '../../platform/http/scope.ts'
import type { Developers } from './developers.ts'

/** The sender of what an administrator sends. It is no developer, so no data scope applies. */
export const operatorId = 'operator'

export function operator(corpId: string): Caller {
  return {
    devId: operatorId,
    corpId,
    name: '管理员',
    scopes: new Set(defaultScopes),
    dataScope: undefined,
    scopeSeq: 0,
    accounts: undefined,
    upstreamPaths: new Set(),
    arrayLists: false,
    packets: 'off',
    strictInputs: false,
    ownAgents: false,
  }
}

/** The developer who sent a message, or the operator. Undefined when the developer no longer exists. */
export function senderOf(
  ctx: Core & { developers: Developers },
  message: { devId: string; corpId: string },
): Caller | undefined {
  return message.devId === operatorId ? operator(message.corpId) : ctx.developers.get(message.devId)
}
