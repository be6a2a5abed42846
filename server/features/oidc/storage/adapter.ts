import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Core } from '../../../platform/core.ts'
import type { Library } from '../provider/library.ts'
import { recordPurpose } from '../sealed.ts'
import { hashOf, putToken, sourceOf } from './given-for.ts'
import * as store from './record-store.ts'
import { toldAway } from './told-away.ts'

/** Longer than the library's tolerance of clocks, within which it still reads what has expired. */
const keptAfterMs = 60_000
const withoutEndMs = 86_400_000

/** Codes that must be read back where they are not what was asked for; others are known to whoever asks. */
const sealedNames: Readonly<Record<string, readonly string[]>> = {
  DeviceCode: ['jti', 'userCode'],
  Interaction: ['deviceCode', 'parJti'],
}

/** Keeps what the library has in progress and issued, apart for each corp. No code or token is in the database as it is used. */
export function createAdapter(ctx: Core, corpId: string, library: Library): (kind: string) => Adapter {
  const { errors } = library
  return kind => {
    const keyOf = (id: string) => ({ corpId, kind, id: hashOf(id) })
    const userCodeOf = (code: string) => ctx.seal.sign('oidc.user-code', code)

    function recordOf(
      id: string,
      payload: AdapterPayload,
      expiresIn: number | undefined,
    ): store.StoredRecord {
      const { jti: _, ...rest } = payload
      const names = sealedNames[kind] ?? []
      const open = Object.entries(rest).filter(([name]) => !names.includes(name))
      const hidden = names.flatMap(name => (payload[name] === undefined ? [] : [[name, payload[name]]]))
      const lastsMs = expiresIn === undefined ? withoutEndMs : expiresIn * 1000
      return {
        ...keyOf(id),
        payload: Object.fromEntries(open),
        sealed: hidden.length ? ctx.seal.seal(JSON.stringify(Object.fromEntries(hidden)), recordPurpose) : '',
        grantId: payload.grantId ?? null,
        userCode: payload.userCode === undefined ? null : userCodeOf(payload.userCode),
        expiresAt: new Date(ctx.now() + lastsMs + keptAfterMs),
      }
    }

    function payloadOf(record: store.FoundRecord | undefined, known: object): AdapterPayload | undefined {
      if (!record) return undefined
      const { payload, sealed, consumedAt } = record
      const hidden = sealed === '' ? {} : (JSON.parse(ctx.seal.open(sealed, recordPurpose)) as object)
      const consumed = consumedAt ? { consumed: Math.floor(consumedAt.getTime() / 1000) } : {}
      return { ...payload, ...known, ...hidden, ...consumed } as AdapterPayload
    }

    async function put(id: string, payload: AdapterPayload, expiresIn: number | undefined): Promise<void> {
      const record = recordOf(id, payload, expiresIn)
      if (kind === 'ReplayDetection') {
        if (!(await store.addRecord(ctx.db, record))) throw new errors.InvalidGrant('used before')
        return
      }
      const source = sourceOf(library, corpId, kind)
      if (source) return putToken(ctx.db, record, source)
      // Of two people who confirm one code at once, the device gets the first.
      const isConfirmed = kind === 'DeviceCode' && payload['inFlight'] && !payload.accountId
      if (!isConfirmed || payload['error']) return store.putRecord(ctx.db, record)
      if (!(await store.markRecord(ctx.db, record, 'inFlight')))
        throw new errors.InvalidRequest('the code is being confirmed elsewhere')
    }

    async function consume(id: string): Promise<void> {
      if (await store.consumeRecord(ctx.db, keyOf(id), new Date(ctx.now()))) return
      // The library looks first and consumes later, so two of them may get here.
      if (kind === 'PushedAuthorizationRequest')
        throw new errors.InvalidRequestUri('request_uri was used before')
      // Where the library finds one that was used, it ends the grant itself. Here it is the same, because nobody knows whose use was right.
      const grantId = await store.grantOf(ctx.db, keyOf(id))
      if (grantId !== undefined) await store.deleteOfGrant(ctx.db, corpId, grantId)
      throw new errors.InvalidGrant(`${kind} was used before`)
    }

    const told = <T>(work: Promise<T>) => toldAway(errors, work)

    return {
      upsert: (id, payload, expiresIn) => told(put(id, payload, expiresIn)),
      find: async id => payloadOf(await told(store.findRecord(ctx.db, keyOf(id))), { jti: id }),
      // Sessions are made of those of wisp (provider/op-session.ts).
      findByUid: async () => undefined,
      findByUserCode: async code =>
        payloadOf(await told(store.findByUserCode(ctx.db, corpId, userCodeOf(code))), {}),
      consume: id => told(consume(id)),
      destroy: id => told(store.deleteRecord(ctx.db, keyOf(id))),
      // The library asks each kind at once. All go together, because a token could be given between two of them.
      async revokeByGrantId(grantId) {
        if (grantId && kind === 'AccessToken') await told(store.deleteOfGrant(ctx.db, corpId, grantId))
      },
    }
  }
}
