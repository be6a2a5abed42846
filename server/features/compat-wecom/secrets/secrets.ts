import { hashSecret } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import * as store from './secret-store.ts'
import { createTokens, tokenSeconds } from './tokens.ts'

/** The secrets that are not revoked, in memory, and their access_tokens. */
export type CompatSecrets = {
  /** Rereads those of one corp, or of all. */
  reload(corpId?: string): Promise<void>
  /** Oldest first. */
  ofDeveloper(devId: string): readonly store.CompatSecret[]
  /** Undefined when the corp has no such secret. */
  find(corpId: string, corpsecret: string): store.CompatSecret | undefined
  /**
   * The secret's access_token, the same one on every node until shortly before its end; undefined when it was revoked meanwhile.
   * `expiresIn` is in seconds.
   */
  tokenOf(secret: store.CompatSecret): Promise<{ token: string; expiresIn: number } | undefined>
  /** The secret of an access_token; `expired` also of a secret that is gone. Undefined for a token that was not issued here. */
  byToken(token: string): store.CompatSecret | 'expired' | undefined
}

/** A token that ends sooner is not given out any more. */
const renewSeconds = 300

export function createCompatSecrets(ctx: Pick<Core, 'db' | 'seal' | 'now'>): CompatSecrets {
  const tokens = createTokens(ctx.seal)
  let byId = new Map<string, store.CompatSecret>()
  let byHash = new Map<string, store.CompatSecret>()
  let byDeveloper = new Map<string, store.CompatSecret[]>()
  /** Ends of tokens, in ms, so that a program that asks before each send writes nothing. */
  let ends = new Map<string, number>()

  return {
    async reload(corpId) {
      const read = await store.liveSecrets(ctx.db, corpId)
      const others = [...byId.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      byId = new Map([...others, ...read].map(one => [one.id, one]))
      byHash = new Map([...byId.values()].map(one => [`${one.corpId} ${one.hash}`, one]))
      byDeveloper = Map.groupBy(byId.values(), one => one.devId)
      ends = new Map([...ends].filter(([id]) => byId.has(id)))
    },
    ofDeveloper: devId => byDeveloper.get(devId) ?? [],
    find: (corpId, corpsecret) => byHash.get(`${corpId} ${hashSecret(corpsecret).toString('hex')}`),
    async tokenOf(secret) {
      const now = ctx.now()
      const renewBy = now + renewSeconds * 1000
      let until = ends.get(secret.id) ?? 0
      if (until <= renewBy) {
        // Whole seconds, because the token names its end in seconds.
        const next = (Math.floor(now / 1000) + tokenSeconds) * 1000
        const held = await store.holdToken(ctx.db, secret, {
          now: new Date(now),
          renewBy: new Date(renewBy),
          until: new Date(next),
        })
        if (!held) return undefined
        until = held.getTime()
        ends.set(secret.id, until)
      }
      const expiresIn = Math.min(tokenSeconds, Math.ceil((until - now) / 1000))
      return { token: tokens.issue(secret.id, until / 1000), expiresIn }
    },
    byToken(token) {
      const claims = tokens.read(token)
      if (!claims) return undefined
      if (claims.untilSeconds * 1000 <= ctx.now()) return 'expired'
      return byId.get(claims.secretId)
    },
  }
}
