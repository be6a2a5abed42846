import { type Static, type TSchema, Type } from 'typebox'
import { onPage } from '../../platform/http/list-input.ts'
import { time } from '../../platform/http/output.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Language } from '../../platform/words.ts'
import type { Book } from './book.ts'
import { inOrder } from './choose-rule.ts'
import type { Owner } from './conversation-owner.ts'
import { flowVersion, ruleVersion, unknownRule } from './edit.ts'
import { flowFieldsOf } from './flows/flow.ts'
import type { FlowPosition } from './flows/walk.ts'
import type { IncomingEvent } from './match.ts'
import type { OwnerKind } from './owner.ts'
import { ruleFieldsOf } from './rule.ts'
import { ruleKinds } from './rule-kinds.ts'
import { type Simulation, simulate } from './simulate.ts'
import { flowsOf, rulesOf, type StoredRule } from './store.ts'

// Rules, flows and what they would answer, as the console shows them.

const changed = { updatedAt: time, updatedBy: Type.String() }

/** The rules in the order in which they are asked. `content` is what they can answer. */
export const ruleListOf = <Content extends TSchema>(content: Content) => ({
  list: Type.Array(
    Type.Object({
      ...ruleFieldsOf(content),
      id: Type.Number(),
      version: Type.String(),
      ...changed,
      /** Which words never reach the rule, and why. */
      conflicts: Type.Array(Type.String()),
    }),
  ),
  total: Type.Number(),
  flows: Type.Array(Type.Object({ id: Type.Number(), name: Type.String(), enabled: Type.Boolean() })),
  /** How many rules have a conflict. */
  conflicts: Type.Number(),
})

export type RuleFilter = {
  search?: string | undefined
  /** Of one of these kinds. */
  kind?: readonly string[] | undefined
  pageNo: number | undefined
  pageSize: number | undefined
}

export async function ruleList<Content extends object>(
  db: Db,
  book: Book<Content>,
  owner: Owner,
  wanted: RuleFilter,
  language: Language,
) {
  const [rules, flows] = await Promise.all([rulesOf<Content>(db, owner), flowsOf<Content>(db, owner)])
  const conflicts = Map.groupBy(book.conflicts(), one => one.ruleId)
  const found = inOrder(rules).filter(rule => fits(rule, wanted))
  return {
    list: onPage(found, wanted).map(rule => ({
      ...rule,
      version: ruleVersion(rule),
      conflicts: (conflicts.get(rule.id) ?? []).map(one => one.why[language]),
    })),
    total: found.length,
    flows: flows.map(({ id, name, enabled }) => ({ id, name, enabled })),
    conflicts: conflicts.size,
  }
}

/** Looks for a text in the name, the words and what people read of the contents. */
function fits<Content extends object>(rule: StoredRule<Content>, { search, kind }: RuleFilter): boolean {
  if (kind !== undefined && !kind.includes(rule.kind)) return false
  if (search === undefined) return true
  const wanted = search.toLowerCase()
  const texts = rule.contents.flatMap(textsIn)
  return [rule.name, ...rule.words, ...texts].some(one => one.toLowerCase().includes(wanted))
}

function textsIn(content: object): string[] {
  const { content: text, title, articles } = content as Record<string, unknown>
  const below = Array.isArray(articles) ? articles.flatMap(textsIn) : []
  return [...[text, title].filter(one => typeof one === 'string'), ...below]
}

/** Throws 1000. */
export async function oneRule<Content>(db: Db, owner: Owner, id: number) {
  const rule = (await rulesOf<Content>(db, owner)).find(one => one.id === id)
  if (!rule) throw unknownRule(id)
  return { ...rule, version: ruleVersion(rule) }
}

export const flowListOf = <Content extends TSchema>(content: Content) => ({
  list: Type.Array(
    Type.Object({
      ...flowFieldsOf(content),
      id: Type.Number(),
      version: Type.String(),
      ...changed,
      /** The names of the rules that begin it. */
      begunBy: Type.Array(Type.String()),
    }),
  ),
  total: Type.Number(),
})

export async function flowList<Content>(db: Db, owner: Owner) {
  const [flows, rules] = await Promise.all([flowsOf<Content>(db, owner), rulesOf<Content>(db, owner)])
  const list = flows.map(flow => ({
    ...flow,
    version: flowVersion(flow),
    begunBy: rules.filter(rule => rule.flowId === flow.id).map(rule => rule.name),
  }))
  return { list, total: list.length }
}

/** Where the person is in a flow, as the last answer of the simulator said. */
export const placeSchema = Type.Object({
  flowId: Type.Integer(),
  stepId: Type.String({ maxLength: 32 }),
  taken: Type.Integer(),
  expiresAt: Type.String({ maxLength: 40 }),
})

/** What the person does in the simulator, beside `type`, which says of which type a message is. */
export const eventFields = {
  /** `silence` waits until the time for an answer is up. */
  kind: Type.Enum(['message', 'menu', 'enter', 'subscribe', 'unsubscribe', 'silence']),
  /** The text of a message, or the menu's key. */
  text: Type.Optional(Type.String({ maxLength: 2048 })),
}
type Event = { kind: string; type?: string | undefined; text?: string | undefined }

/** What every simulator tells beside the contents. */
export const simulatedFields = {
  /** What the person was told before, because the time for an answer was up; '' for nothing. */
  timeout: Type.String(),
  place: Type.Union([placeSchema, Type.Null()]),
  flow: Type.String(),
  rules: Type.Array(
    Type.Object({
      id: Type.Number(),
      name: Type.String(),
      kind: Type.Enum(ruleKinds),
      answers: Type.Boolean(),
      why: Type.String(),
    }),
  ),
}

type Trial = { event: Event; at?: Date | undefined; place?: Static<typeof placeSchema> | undefined }

/** What a person would be answered now, or at another time. Nothing is written. */
export function tryBook<Content>(
  kind: OwnerKind<Content>,
  book: Book<Content>,
  trial: Trial,
  now: Date,
  language: Language,
) {
  const before: FlowPosition | undefined = trial.place && {
    ...trial.place,
    expiresAt: new Date(trial.place.expiresAt),
  }
  const silentUntil = trial.event.kind === 'silence' ? before?.expiresAt : undefined
  const at = silentUntil ?? trial.at ?? now
  const simulated: Simulation<Content> = simulate(kind, book, incomingOf(trial.event), before, at)
  const { place = before ?? null, flow } = simulated.decision
  return {
    decision: simulated.decision,
    told: {
      timeout: simulated.timeout,
      place: place && { ...place, expiresAt: place.expiresAt.toISOString() },
      flow: flow?.name ?? '',
      rules: simulated.verdicts.map(({ rule: { id, name, kind }, answers, why }) => ({
        id,
        name,
        kind,
        answers,
        why: why[language],
      })),
    },
  }
}

function incomingOf({ kind, type = 'text', text = '' }: Event): IncomingEvent {
  if (kind === 'message') return { kind, type, text }
  if (kind === 'menu') return { kind, key: text }
  return kind === 'enter' || kind === 'subscribe' || kind === 'unsubscribe' ? { kind } : { kind: 'other' }
}
