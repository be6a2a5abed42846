import { createHash } from 'node:crypto'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { describeError } from '../../platform/operation/log.ts'
import { keyPurpose } from './sealed.ts'
import type { Source } from './source.ts'
import { allSources } from './source-store.ts'

/** The sources in memory, because each push begins with them. */
export type Sources = {
  /** Rereads those of one corp, or of all corps. */
  reload(corpId?: string): Promise<void>
  ofCorp(corpId: string): readonly Source[]
  all(): Iterable<Source>
  /** Throws 1000 when the corp has no such source. */
  get(corpId: string, id: string): Source
  /** The source whose address has this key. */
  byKey(key: string): Source | undefined
}

export function noSource(id: string): ApiError {
  return new ApiError('badParameter', { zh: told`没有待办来源 ${id}`, en: told`there is no source ${id}` })
}

export function createSources(ctx: Core): Sources {
  let sources = new Map<string, Source>()
  let keys = new Map<string, Source>()

  /** By a hash, so that how long a look-up takes tells nothing about a key. */
  const nameOf = (key: string) => createHash('sha256').update(key).digest('hex')

  function keyOf(source: Source): [string, Source][] {
    try {
      return [[nameOf(ctx.seal.open(source.key, keyPurpose)), source]]
    } catch (error) {
      ctx.log.error({ ...describeError(error), source: source.id }, 'the key of a to-do source is unreadable')
      return []
    }
  }

  return {
    async reload(corpId) {
      const read = await allSources(ctx.db, corpId)
      const others = [...sources.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      sources = new Map([...others, ...read].map(one => [`${one.corpId} ${one.id}`, one]))
      keys = new Map([...sources.values()].flatMap(keyOf))
    },
    ofCorp: corpId => [...sources.values()].filter(one => one.corpId === corpId),
    all: () => sources.values(),
    get(corpId, id) {
      const source = sources.get(`${corpId} ${id}`)
      if (!source) throw noSource(id)
      return source
    },
    byKey: key => keys.get(nameOf(key)),
  }
}
