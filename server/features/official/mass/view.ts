import { type Static, Type } from 'typebox'
import { time } from '../../../platform/http/output.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import { audienceKinds } from './audience.ts'
import { contentTypes } from './content.ts'
import { reasonWords } from './reason.ts'
import { statusWords } from './status.ts'
import type { MassPart, MassWithParts } from './store.ts'

const states = [
  'approval',
  'waiting',
  'going',
  'done',
  'partly',
  'failed',
  'stopped',
  'rejected',
  'deleted',
] as const
const partStates = ['waiting', 'sending', 'running', 'done', 'failed', 'unknown', 'stopped'] as const

const countsSchema = Type.Object({
  /** Whom WeChat meant to send it, who was left after its filters, who was sent it, and where that failed. */
  total: Type.Number(),
  filtered: Type.Number(),
  sent: Type.Number(),
  errors: Type.Number(),
})

const maybeTime = Type.Union([time, Type.Null()])

/** A mass message as pages and the command line show it. */
export const massSchema = Type.Object({
  id: Type.String(),
  to: Type.Enum(audienceKinds),
  /** Of followers, where it goes to one. */
  tagName: Type.String(),
  notLinked: Type.Number(),
  receivers: Type.Number(),
  type: Type.Enum(contentTypes),
  text: Type.String(),
  titles: Type.Array(Type.String()),
  hashes: Type.Array(Type.String()),
  state: Type.Enum(states),
  dueAt: time,
  actor: Type.String(),
  isOwn: Type.Boolean(),
  decidedBy: Type.Union([Type.String(), Type.Null()]),
  decidedAt: maybeTime,
  createdAt: time,
  endedAt: maybeTime,
  /** Until when WeChat may be waiting for an administrator to confirm it, where its API protection is on. */
  confirmUntil: maybeTime,
  /** Null until WeChat has told them. */
  counts: Type.Union([countsSchema, Type.Null()]),
  urls: Type.Array(Type.String()),
  parts: Type.Array(
    Type.Object({
      n: Type.Number(),
      /** Null for everybody or a tag. */
      receivers: Type.Union([Type.Number(), Type.Null()]),
      state: Type.Enum(partStates),
      attempts: Type.Number(),
      msgId: Type.Union([Type.String(), Type.Null()]),
      /** The result or the reason in words; '' while there is none. */
      told: Type.String(),
      rid: Type.String(),
      submittedAt: maybeTime,
      endedAt: maybeTime,
    }),
  ),
})

const confirmMs = 30 * 60_000

export function viewOfMass(
  mass: MassWithParts,
  viewer: string,
  language: Language,
): Static<typeof massSchema> {
  const { audience, content, parts } = mass
  const toAll = audience.to === 'all'
  const told = parts.flatMap(part => (part.told && part.told.total !== null ? [part.told] : []))
  const sum = (name: 'total' | 'filtered' | 'sent' | 'errors') =>
    told.reduce((all, one) => all + (one[name] ?? 0), 0)
  const waiting = toAll ? parts.find(part => part.state === 'running') : undefined
  return {
    id: mass.id,
    to: audience.to,
    tagName: audience.to === 'tag' ? audience.tagName : '',
    notLinked: audience.to === 'members' ? audience.notLinked : 0,
    receivers: mass.receivers,
    type: content.type,
    text: content.type === 'text' ? content.content : '',
    titles: content.type === 'news' ? content.titles : [],
    hashes: content.type === 'image' ? content.hashes : content.type === 'voice' ? [content.hash] : [],
    state: mass.state,
    dueAt: mass.dueAt,
    actor: mass.actor,
    isOwn: mass.actor === viewer,
    decidedBy: mass.decidedBy,
    decidedAt: mass.decidedAt,
    createdAt: mass.createdAt,
    endedAt: mass.endedAt,
    confirmUntil: waiting?.submittedAt ? new Date(waiting.submittedAt.getTime() + confirmMs) : null,
    counts:
      told.length === 0
        ? null
        : { total: sum('total'), filtered: sum('filtered'), sent: sum('sent'), errors: sum('errors') },
    urls: [...new Set(parts.flatMap(part => part.told?.urls ?? []))],
    parts: parts.map(part => ({
      n: part.n,
      receivers: part.receivers,
      state: part.state,
      attempts: part.attempts,
      msgId: part.msgId,
      told: wordsOf(part, toAll, language),
      rid: part.reason && 'rid' in part.reason ? part.reason.rid : '',
      submittedAt: part.submittedAt,
      endedAt: part.endedAt,
    })),
  }
}

function wordsOf({ told, reason }: MassPart, toAll: boolean, language: Language): string {
  if (told) return wordsIn(language, statusWords(told.status, toAll))
  return reason ? wordsIn(language, reasonWords(reason)) : ''
}
