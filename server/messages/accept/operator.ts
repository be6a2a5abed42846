import type { Core } from '../../core.ts'
import type { Developer, Developers } from '../../developers/developers.ts'
import { defaultScopes } from '../../registry/scopes.ts'
import type { MessageRow } from '../store.ts'

/** Who sends what an administrator sends: no developer, so there is no data scope either. */
export const operatorId = 'operator'

export function operator(corpId: string): Developer {
  return {
    devId: operatorId,
    corpId,
    name: '管理员',
    enabled: true,
    scopes: new Set(defaultScopes),
    dataScope: undefined,
    scopeSeq: 0,
    networks: undefined,
    arrayLists: false,
    secrets: [],
  }
}

/** Undefined when the developer is gone. */
export function senderOf(ctx: Core & { developers: Developers }, message: MessageRow): Developer | undefined {
  return message.devId === operatorId ? operator(message.corpId) : ctx.developers.get(message.devId)
}
