import type { Core } from '../../platform/core.ts'
import { defaultScopes } from '../../platform/http/scope.ts'
import type { Developer, Developers } from './developers.ts'

/** The sender of what an administrator sends. It is no developer, so no data scope applies. */
export const operatorId = 'operator'

export function operator(corpId: string): Developer {
  return {
    devId: operatorId,
    corpId,
    name: '管理员',
    enabled: true,
    scopes: new Set(defaultScopes),
    scopeEnds: new Map(),
    owners: new Set(),
    dataScope: undefined,
    scopeSeq: 0,
    accounts: undefined,
    networks: undefined,
    arrayLists: false,
    packets: 'off',
    limits: {},
    secrets: [],
  }
}

/** The developer who sent a message, or the operator. Undefined when the developer no longer exists. */
export function senderOf(
  ctx: Core & { developers: Developers },
  message: { devId: string; corpId: string },
): Developer | undefined {
  return message.devId === operatorId ? operator(message.corpId) : ctx.developers.get(message.devId)
}
