import type { Provider } from 'oidc-provider'
import type { Core } from '../../../platform/core.ts'
import { lru } from '../../../platform/lru.ts'
import { type AttemptLimit, createFloodLimit } from '../../../platform/security/counters.ts'
import { networkOf } from '../../../platform/security/network-of.ts'
import { askingOf } from './asking.ts'
import type { Library } from './library.ts'

const limit: AttemptLimit = { purpose: 'oidc-client-secret', atMost: 20, windowMs: 5 * 60_000 }

/**
 * Counts wrong secrets by client and network, and tells for how long that network has to wait when they are too many; mount.ts asks
 * first. The id '' stands for all clients that there are not.
 */
export type SecretLimit = {
  /** For how many seconds this network has to wait. */
  waitOf(corpId: string, clientId: string, address: string): number
  noteWrong(corpId: string, clientId: string, address: string): Promise<void>
}

export function createSecretLimit(ctx: Core): SecretLimit {
  const count = createFloodLimit(ctx, limit)
  const over = lru<number>(10_000)
  const subjectOf = (clientId: string, address: string) => `${clientId} ${networkOf(address)}`
  return {
    waitOf(corpId, clientId, address) {
      const until = over.get(`${corpId} ${subjectOf(clientId, address)}`) ?? 0
      return Math.max(0, Math.ceil((until - ctx.now()) / 1000))
    },
    async noteWrong(corpId, clientId, address) {
      const of = subjectOf(clientId, address)
      const { isOver, retryAfterSeconds } = await count({ corpId, of })
      if (isOver) over.set(`${corpId} ${of}`, ctx.now() + retryAfterSeconds * 1000)
    },
  }
}

/** Limits wrong secrets, and gives every application its sid, by which it is told later that the session ended. */
export function watchClients(
  corpId: string,
  provider: Provider,
  library: Library,
  secrets: SecretLimit,
): void {
  const { prototype } = provider.Client
  const { compareClientSecret } = prototype
  Object.assign(prototype, {
    includeSid: () => true,
    async compareClientSecret(this: { clientId: string }, given: string): Promise<boolean> {
      const koa = library.Provider.ctx
      const address = koa ? askingOf(koa).request.ip : ''
      const isRight = await Reflect.apply(compareClientSecret, this, [given])
      if (!isRight) await secrets.noteWrong(corpId, this.clientId, address)
      return isRight
    },
  })
}
