import type { TObject } from 'typebox'
import { type AnyJointAct, boundJointAct, type OfferedJointAct } from '../acts/joint-act.ts'
import type { GrantKind } from '../audit/grants.ts'
import type { KeptRows } from '../deleted/kept-rows.ts'
import type { Point } from '../http/admin/points.ts'
import type { Caller } from '../http/caller.ts'
import type { PageAccess } from '../http/gate.ts'
import type { Person, Visitor } from '../http/visitor.ts'
import type { NewEvent } from '../inbox/event-store.ts'
import type { AcceptResult } from '../inbox/inbox.ts'
import type { Gap } from '../inbox/missed.ts'
import type { SealedColumn } from '../security/sealed-columns.ts'
import type { Db } from '../storage/db.ts'
import type { FileReference } from '../storage/file-reference.ts'
import type { PersonalTable } from '../storage/personal/personal-table.ts'
import type { Retention, RetentionOfFeatures } from '../storage/retention.ts'
import { type Language, type Words, wordsIn } from '../words.ts'
import type { AccessEnd, DepartmentsEnd, GroupChange, GroupUse, HeardPush } from './access-end.ts'
import type { Attention } from './attention.ts'
import type { CardPress } from './card-press.ts'
import type { CauseText, Occurrences, Severity } from './cause.ts'
import type { EventContents, NumberedEvent } from './event-content.ts'
import type { EventType } from './event-type.ts'
import type { FactorReset } from './factor-reset.ts'
import type { AnyFeature, Warning } from './feature.ts'
import type { OptionalFeature } from './optional.ts'
import type { Hit, Search, SearchRight } from './search.ts'
import type { SessionEnd } from './session-end.ts'
import type { SettingsItem, SettingsSection } from './settings-section.ts'
import type { OfferedReceivers } from './setup/checkpoint-receivers.ts'
import { type OfferedSmsCodes, smsCodesOf } from './setup/offered-sms-codes.ts'
import type { TiedAddress } from './setup/tied.ts'
import type { UnreadyStep } from './setup/unready.ts'
import type { AnyTool } from './tool.ts'
import type { WaitingRow } from './waiting.ts'

export type OfferedCause = {
  find(): Promise<Occurrences<object>>
  tell(detail: never, timeZone?: string): CauseText
  severityOf(detail: never): Severity
  reasonOf?: ((detail: never) => string | undefined) | undefined
  isDaily: boolean
}

export type SearchHits = { kind: string; title: string; path: string; param: string; hits: Hit[] }

/** A section of the file of a corp's settings, bound to the context. */
export type OfferedSection = Pick<
  SettingsSection<never>,
  'key' | 'refersTo' | 'ordered' | 'isLarge' | 'byPeople'
> & {
  name: string
  shape(): TObject
  read(corpId: string): Promise<readonly SettingsItem[]>
  add: ((actor: string, corpId: string, item: SettingsItem) => Promise<string>) | Words | undefined
  check(corpId: string, change: SettingsItem): void
  set(actor: string, corpId: string, key: string, change: SettingsItem): Promise<unknown>
}

/** Who may read a list of the pages. */
type ListAccess = { access: PageAccess; point: Point | undefined }

export type FailedFeature = { feature: string; error: unknown }

/** What all features offer to code that works with all of them. Their functions are called with the whole context. */
export type FeatureOffers = {
  /** What each corp can switch off, by name. */
  optional: ReadonlyMap<string, OptionalFeature>
  /** The optional feature of a call, by its path; undefined for what always works. */
  optionalOf(path: string): string | undefined
  /** Who may read each list of the pages, by its path. */
  lists: ReadonlyMap<string, ListAccess>
  /** The optional feature that a scope belongs to. */
  optionalOfScope(scope: string): string | undefined
  retention: RetentionOfFeatures
  sealed: readonly SealedColumn[]
  /** Of all rooms, with the room that owns each. */
  personal: readonly (PersonalTable & { room: string })[]
  /** All kinds of grants. */
  grants: readonly GrantKind[]
  /** Why a person may not be erased; none when nothing forbids it. */
  obstaclesOf(corpId: string, memberId: number): Promise<Words[]>
  endPerson(corpId: string, memberId: number): Promise<void>
  kept: readonly KeptRows[]
  files: readonly FileReference[]
  tools: readonly AnyTool[]
  /** In an order in which what is referred to comes first. */
  settings: readonly OfferedSection[]
  eventTypes: Readonly<Record<string, EventType>>
  causes: Readonly<Record<string, OfferedCause>>
  /** What the features' own rows say now of each of these corps; `needsAttention` is the whole list. */
  attention(corpIds: readonly string[]): Promise<Map<string, Attention[]>>
  /** What has to be set up next, by the names of the features; `attention` has it too. */
  unready(corpId: string): (UnreadyStep & { feature: string })[]
  /** What of the corp hangs on the address of wisp. */
  tied(corpId: string): Promise<TiedAddress[]>
  /** A feature that fails leaves out its own rows; `failures` says which did. */
  waiting(corpId: string, person: Person): Promise<{ rows: WaitingRow[]; failures: FailedFeature[] }>
  /** Kind by kind; `asFor`: the visitor as far as they may find this kind. */
  search(search: Search, asFor: (kind: SearchRight) => Visitor | undefined): Promise<SearchHits[]>
  warnings(language: Language): Promise<Warning[]>
  /** Whether a feature takes people at this path when they are signed in. */
  returnTo(path: string): boolean
  readEvents(caller: Caller, rows: readonly NumberedEvent[]): Promise<EventContents>
  numbered(corpId: string): Promise<void>
  missed(tx: Db, gap: Gap): Promise<void>
  trialValues(caller: Caller): Promise<Record<string, unknown>>
  checkAccounts(corpId: string, originalIds: readonly string[]): Promise<void>
  checkSmsBudget(tx: Db, corpId: string): Promise<void>
  smsCodes: OfferedSmsCodes
  checkpointReceivers: OfferedReceivers
  /** Undefined when no feature sent the card; the push is stored otherwise. */
  cardPressed(press: CardPress, push: NewEvent): Promise<AcceptResult | undefined>
  arrived(tx: Db, corpId: string, memberIds: readonly number[], at: Date): Promise<void>
  agentHeard(tx: Db, corpId: string, pushes: readonly HeardPush[], at: Date): Promise<void>
  /** The names of the apps and developers of a corp, by id. */
  inRange(corpId: string): Record<'app' | 'developer', ReadonlyMap<string, string>>
  groupsChanged(tx: Db, corpId: string, changes: readonly GroupChange[], at: Date): Promise<void>
  /** Where a group of members is named; undefined for one that is made. */
  groupUses(tx: Db, corpId: string, groupId: number | undefined): Promise<GroupUse[]>
  endAccess: AccessEnd
  endDepartments: DepartmentsEnd
  endSessions: SessionEnd
  factorReset: FactorReset
  /** Acts that take several of the three administrators, by name. */
  jointActs: Readonly<Record<string, OfferedJointAct>>
}

/** `whole` is called only when a feature's function is, and by then all features have been created. */
export function offeredBy(features: readonly AnyFeature[], whole: () => unknown): FeatureOffers {
  const ctx = () => whole() as never
  const each = <T>(pick: (one: AnyFeature) => T | undefined): T[] => features.flatMap(one => pick(one) ?? [])
  const optional = optionalOf(features, ctx)
  const byPath = namesByPath(features)
  const byScope = new Map(
    features.flatMap(one =>
      one.optional ? (one.scopes ?? []).map(scope => [scope as string, one.name]) : [],
    ),
  )
  return {
    optional,
    optionalOf: path => byPath.get(path),
    lists: listsOf(features),
    optionalOfScope: scope => byScope.get(scope),
    retention: retentionOf(features),
    ...storedOf(features, each, ctx),
    kept: features.flatMap(one => one.kept ?? []),
    files: filesOf(features),
    tools: features.flatMap(one => one.tools ?? []),
    settings: settingsOf(features, ctx),
    eventTypes: Object.assign({}, ...features.map(one => one.eventTypes)),
    causes: causesOf(features, ctx),
    ...attentionOf(features, ctx),
    async waiting(corpId, person) {
      const failures: FailedFeature[] = []
      const asked = features.map(async ({ name, waiting }) => {
        try {
          return (await waiting?.(ctx(), corpId, person)) ?? []
        } catch (error) {
          failures.push({ feature: name, error })
          return []
        }
      })
      return { rows: (await Promise.all(asked)).flat(), failures }
    },
    search: (search, asFor) => searchIn(features, ctx, search, asFor),
    async warnings(language) {
      return (await Promise.all(each(one => one.warnings).map(look => look(ctx(), language)))).flat()
    },
    returnTo: path => each(one => one.returnTo).some(takes => takes(ctx(), path)),
    async readEvents(caller, rows) {
      const contents: EventContents[] = []
      for (const read of each(one => one.events)) contents.push(await read(ctx(), caller, rows))
      return contents.flat()
    },
    async trialValues(caller) {
      const parts = await Promise.all(each(one => one.trialValues).map(valuesOf => valuesOf(ctx(), caller)))
      return Object.assign({}, ...parts)
    },
    async checkAccounts(corpId, originalIds) {
      for (const check of each(one => one.checkAccounts)) await check(ctx(), corpId, originalIds)
    },
    async checkSmsBudget(tx, corpId) {
      for (const check of each(one => one.checkSmsBudget)) await check(ctx(), tx, corpId)
    },
    inRange: corpId => inRangeOf(each, ctx, corpId),
    ...endingsOf(each),
    ...followedBy(each, ctx),
    smsCodes: smsCodesOf(features, ctx),
    checkpointReceivers: receiversOf(features, ctx),
    cardPressed: cardPressedOf(each, ctx),
    jointActs: jointActsOf(features, ctx),
  }
}

/** What is sealed and what is kept of people, and what is asked and done before somebody is erased. */
function storedOf(
  features: readonly AnyFeature[],
  each: FeaturePicker,
  ctx: () => never,
): Pick<FeatureOffers, 'sealed' | 'personal' | 'grants' | 'obstaclesOf' | 'endPerson'> {
  return {
    grants: features.flatMap(one => one.grants ?? []),
    sealed: features.flatMap(one => one.sealed ?? []),
    personal: features.flatMap(({ name, personal = [] }) => personal.map(one => ({ ...one, room: name }))),
    async obstaclesOf(corpId, memberId) {
      const looks = each(one => one.obstacle)
      const found = await Promise.all(looks.map(look => look(ctx(), corpId, memberId)))
      return found.filter(one => one !== undefined)
    },
    async endPerson(corpId, memberId) {
      for (const end of each(one => one.endPerson)) await end(ctx(), corpId, memberId)
    },
  }
}

type FeaturePicker = <T>(pick: (one: AnyFeature) => T | undefined) => T[]

function searchIn(
  features: readonly AnyFeature[],
  ctx: () => never,
  search: Search,
  asFor: (kind: SearchRight) => Visitor | undefined,
): Promise<SearchHits[]> {
  const kinds = features.flatMap(one => Object.entries(one.search ?? {}))
  return Promise.all(
    kinds.flatMap(([kind, { title, path, param = 'open', point, graded, find }]) => {
      const visitor = asFor({ point, graded })
      if (!visitor) return []
      const hits = async () => (search.words === '' ? [] : await find(ctx(), { ...search, visitor }))
      return hits().then(hits => ({ kind, path, param, title: wordsIn(search.language, title), hits }))
    }),
  )
}

function inRangeOf(each: FeaturePicker, ctx: () => never, corpId: string) {
  const lists = each(one => one.inRange)
  const namesOf = (asked: 'app' | 'developer') =>
    new Map(
      lists
        .filter(({ kind }) => kind === asked)
        .flatMap(({ list }) => list(ctx(), corpId).map(({ id, name }) => [id, name] as const)),
    )
  return { app: namesOf('app'), developer: namesOf('developer') }
}

/** What features do when something else has happened. */
function followedBy(
  each: FeaturePicker,
  ctx: () => never,
): Pick<FeatureOffers, 'numbered' | 'missed' | 'arrived' | 'agentHeard' | 'groupsChanged' | 'groupUses'> {
  return {
    async groupsChanged(tx, corpId, changes, at) {
      if (changes.length === 0) return
      for (const follow of each(one => one.groupsChanged)) await follow(ctx(), tx, corpId, changes, at)
    },
    async groupUses(tx, corpId, groupId) {
      const uses: GroupUse[] = []
      for (const look of each(one => one.groupUses)) uses.push(...(await look(ctx(), tx, corpId, groupId)))
      return uses
    },
    async numbered(corpId) {
      for (const follow of each(one => one.numbered)) await follow(ctx(), corpId)
    },
    async missed(tx, gap) {
      for (const ask of each(one => one.missed)) await ask(ctx(), tx, gap)
    },
    async agentHeard(tx, corpId, pushes, at) {
      for (const follow of each(one => one.agentHeard)) await follow(ctx(), tx, corpId, pushes, at)
    },
    async arrived(tx, corpId, memberIds, at) {
      if (memberIds.length === 0) return
      for (const follow of each(one => one.arrived)) await follow(ctx(), tx, corpId, memberIds, at)
    },
  }
}

function optionalOf(features: readonly AnyFeature[], ctx: () => never): ReadonlyMap<string, OptionalFeature> {
  return new Map(
    features.flatMap(({ name, optional }) => {
      if (!optional) return []
      const { title, brings, keptOnBy, begin, goesOn } = optional
      const bound = {
        name,
        title,
        brings,
        keptOnBy: async (tx: Db, corpId: string) => (await keptOnBy?.(tx, ctx(), corpId)) ?? [],
        begin: async (tx: Db, corpId: string) => begin?.(tx, ctx(), corpId),
        goesOn: async (corpId: string) => (await goesOn?.(ctx(), corpId)) ?? [],
      }
      return [[name, bound] as const]
    }),
  )
}

function attentionOf(
  features: readonly AnyFeature[],
  ctx: () => never,
): Pick<FeatureOffers, 'attention' | 'tied' | 'unready'> {
  const unready: FeatureOffers['unready'] = corpId =>
    features.flatMap(({ name, unready }) =>
      (unready?.(ctx(), corpId) ?? []).map(one => ({ ...one, feature: name })),
    )
  return {
    unready,
    async tied(corpId) {
      return (await Promise.all(features.map(async one => one.tied?.(ctx(), corpId) ?? []))).flat()
    },
    async attention(corpIds) {
      const found = await Promise.all(features.map(async one => one.attention?.(ctx(), corpIds) ?? []))
      const ofCorps = Map.groupBy(found.flat(), one => one.corpId)
      return new Map(
        corpIds.map(corpId => [corpId, [...unready(corpId).map(unreadyRow), ...(ofCorps.get(corpId) ?? [])]]),
      )
    },
  }
}

function unreadyRow({ feature, subject, ...telling }: UnreadyStep & { feature: string }): Attention {
  const row = { ...telling, kind: 'unready', severity: 'warn', since: null } as const
  return { ...row, subject: subject ? `${feature} ${subject}` : feature }
}

function settingsOf(features: readonly AnyFeature[], ctx: () => never): OfferedSection[] {
  return features
    .flatMap(one => Object.entries(one.settings ?? {}))
    .map(([name, { key, refersTo, ordered, isLarge, byPeople, shape, read, add, check, set }]) => ({
      name,
      ...(key ? { key } : {}),
      ...(refersTo ? { refersTo } : {}),
      ...(ordered ? { ordered } : {}),
      ...(isLarge ? { isLarge } : {}),
      ...(byPeople ? { byPeople } : {}),
      shape: () => shape(ctx()),
      read: corpId => read(ctx(), corpId),
      add: typeof add === 'function' ? (actor, corpId, item) => add(ctx(), actor, corpId, item) : add,
      check: (corpId, change) => check?.(ctx(), corpId, change),
      set: (actor, corpId, key, change) => set(ctx(), actor, corpId, key, change),
    }))
}

/** What is refused while its feature is off: calls of the API, and acts of pages. Reading stays possible on pages. */
function namesByPath(features: readonly AnyFeature[]): ReadonlyMap<string, string> {
  return new Map(
    features.flatMap(({ name, optional, calls = [], adminCalls = [], pageCalls = [] }) => {
      if (!optional) return []
      const whenOff: readonly string[] = optional.whenOff ?? []
      const acts = [...adminCalls, ...pageCalls].filter(
        ({ method, path }) => method === 'POST' && !whenOff.includes(path),
      )
      return [...calls, ...acts].map(({ path }) => [path, name] as const)
    }),
  )
}

function listsOf(features: readonly AnyFeature[]): ReadonlyMap<string, ListAccess> {
  const calls = features.flatMap(one => one.pageCalls ?? [])
  return new Map(
    calls
      .filter(({ method, input }) => method === 'GET' && 'pageNo' in input)
      .map(({ path, access, point }) => [path, { access, point }] as const),
  )
}

function receiversOf(features: readonly AnyFeature[], ctx: () => never): OfferedReceivers {
  const receivers = features.find(one => one.checkpointReceivers)?.checkpointReceivers
  const none = { zh: '没有接收端', en: 'there are no receivers' }
  return {
    list: async corpId => receivers?.list(ctx(), corpId) ?? [],
    send: async (corpId, id, checkpoint) =>
      receivers ? receivers.send(ctx(), corpId, id, checkpoint) : none,
  }
}

/** A card is of one feature: the first that knows it takes the press. */
function cardPressedOf(each: FeaturePicker, ctx: () => never): FeatureOffers['cardPressed'] {
  return async (press, push) => {
    for (const take of each(one => one.cardPressed)) {
      const accepted = await take(ctx(), press, push)
      if (accepted) return accepted
    }
    return undefined
  }
}

function causesOf(features: readonly AnyFeature[], ctx: () => never): Record<string, OfferedCause> {
  return Object.fromEntries(
    features
      .flatMap(one => Object.entries(one.causes ?? {}))
      .map(([name, { find, tell, severityOf = (): Severity => 'bad', reasonOf, isDaily = false }]) => [
        name,
        { find: () => find(ctx()), tell, severityOf, reasonOf, isDaily },
      ]),
  )
}

function jointActsOf(features: readonly AnyFeature[], ctx: () => never): Record<string, OfferedJointAct> {
  const declared = features.flatMap(one => Object.entries<AnyJointAct<never>>(one.jointActs ?? {}))
  return Object.fromEntries(declared.map(([name, act]) => [name, boundJointAct(act, ctx)]))
}

const filesOf = (features: readonly AnyFeature[]): FileReference[] => features.flatMap(one => one.files ?? [])

function retentionOf(features: readonly AnyFeature[]): RetentionOfFeatures {
  const files = filesOf(features)
  const owned: Record<string, readonly Retention[]> = {}
  for (const { name, tables } of features)
    if (tables) owned[name] = typeof tables === 'function' ? tables(files) : tables
  return owned
}

/** What follows when people lose what they had. */
function endingsOf(
  each: FeaturePicker,
): Pick<FeatureOffers, 'endAccess' | 'endDepartments' | 'endSessions' | 'factorReset'> {
  return {
    async endSessions(tx, corpId, sessionIds, cause, at) {
      if (sessionIds.length === 0) return
      for (const end of each(one => one.endSessions)) await end(tx, corpId, sessionIds, cause, at)
    },
    async endAccess(tx, corpId, memberIds, at) {
      if (memberIds.length === 0) return
      for (const end of each(one => one.endAccess)) await end(tx, corpId, memberIds, at)
    },
    async endDepartments(tx, ctx, corpId, departmentIds) {
      if (departmentIds.length === 0) return
      for (const end of each(one => one.endDepartments)) await end(tx, ctx, corpId, departmentIds)
    },
    async factorReset(tx, ctx, actor, holder) {
      for (const end of each(one => one.factorReset)) await end(tx, ctx, actor, holder)
    },
  }
}
