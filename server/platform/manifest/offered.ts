import type { Caller } from '../http/caller.ts'
import { type Language, wordsIn } from '../http/words.ts'
import type { SealedColumn } from '../security/sealed-columns.ts'
import type { FileReference } from '../storage/file-reference.ts'
import type { Retention, RetentionOfFeatures } from '../storage/retention.ts'
import type { AccessEnd } from './access-end.ts'
import type { Attention } from './attention.ts'
import type { Occurrences, Telling } from './cause.ts'
import type { EventContents, NumberedEvent } from './event-content.ts'
import type { AnyFeature, Warning } from './feature.ts'
import type { Hit, Search } from './search.ts'
import type { Tool } from './tool.ts'

export type OfferedCause = {
  find(): Promise<Occurrences<object>>
  tell(detail: never): Telling
  isDaily: boolean
}

export type Found = { kind: string; title: string; path: string; param: string; hits: Hit[] }

/** What all features offer to code that works with all of them. Their functions are called with the whole context. */
export type Offered = {
  retention: RetentionOfFeatures
  sealed: readonly SealedColumn[]
  files: readonly FileReference[]
  tools: readonly Tool[]
  causes: Readonly<Record<string, OfferedCause>>
  /** What the features' own rows say now; `needsAttention` is the whole list. */
  attention(corpId: string): Promise<Attention[]>
  /** Kind by kind; `onlyGraded`: what graded administrators may find. */
  search(search: Search, onlyGraded: boolean): Promise<Found[]>
  warnings(language: Language): Promise<Warning[]>
  readEvents(caller: Caller, rows: readonly NumberedEvent[]): Promise<EventContents>
  numbered(corpId: string): Promise<void>
  trialValues(caller: Caller): Promise<Record<string, unknown>>
  checkAccounts(corpId: string, originalIds: readonly string[]): Promise<void>
  endAccess: AccessEnd
}

/** `whole` is called only when a feature's function is, and by then all features have been created. */
export function offeredBy(features: readonly AnyFeature[], whole: () => unknown): Offered {
  const ctx = () => whole() as never
  const each = <T>(pick: (one: AnyFeature) => T | undefined): T[] => features.flatMap(one => pick(one) ?? [])
  return {
    retention: retentionOf(features),
    sealed: features.flatMap(one => one.sealed ?? []),
    files: filesOf(features),
    tools: features.flatMap(one => one.tools ?? []),
    causes: Object.fromEntries(
      features
        .flatMap(one => Object.entries(one.causes ?? {}))
        .map(([name, { find, tell, isDaily = false }]) => [name, { find: () => find(ctx()), tell, isDaily }]),
    ),
    async attention(corpId) {
      const found = await Promise.all(each(one => one.attention).map(look => look(ctx(), corpId)))
      return found.flat()
    },
    async search(search, onlyGraded) {
      const kinds = features.flatMap(one => Object.entries(one.search ?? {}))
      const meant = kinds.filter(([, { graded }]) => graded || !onlyGraded)
      return Promise.all(
        meant.map(async ([kind, { title, path, param = 'open', find }]) => ({
          ...{ kind, path, param },
          title: wordsIn(search.language, title),
          hits: search.words === '' ? [] : await find(ctx(), search),
        })),
      )
    },
    async warnings(language) {
      return (await Promise.all(each(one => one.warnings).map(look => look(ctx(), language)))).flat()
    },
    async readEvents(caller, rows) {
      const contents: EventContents[] = []
      for (const read of each(one => one.events)) contents.push(await read(ctx(), caller, rows))
      return contents.flat()
    },
    async numbered(corpId) {
      for (const follow of each(one => one.numbered)) await follow(ctx(), corpId)
    },
    async trialValues(caller) {
      const parts = await Promise.all(each(one => one.trialValues).map(valuesOf => valuesOf(ctx(), caller)))
      return Object.assign({}, ...parts)
    },
    async checkAccounts(corpId, originalIds) {
      for (const check of each(one => one.checkAccounts)) await check(ctx(), corpId, originalIds)
    },
    async endAccess(tx, corpId, memberIds, at) {
      if (memberIds.length === 0) return
      for (const end of each(one => one.endAccess)) await end(tx, corpId, memberIds, at)
    },
  }
}

function filesOf(features: readonly AnyFeature[]): FileReference[] {
  return features.flatMap(one => one.files ?? [])
}

function retentionOf(features: readonly AnyFeature[]): RetentionOfFeatures {
  const files = filesOf(features)
  const owned: Record<string, readonly Retention[]> = {}
  for (const { name, tables } of features)
    if (tables) owned[name] = typeof tables === 'function' ? tables(files) : tables
  return owned
}
