import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { time } from '../../../platform/http/output.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { Outage } from '../outage-store.ts'
import { countsSchema, type Run, runIn } from './run-store.ts'

/** A run as the console shows it. */
export const runRowSchema = Type.Object({
  id: Type.Number(),
  kind: Type.Enum(['full', 'reconcile', 'dry-run']),
  state: Type.Enum(['failed', 'waiting', 'cancelled', 'done', 'running', 'approval']),
  phase: Type.String(),
  requestedBy: Type.String(),
  counts: countsSchema,
  /** How many differences were found so far; unless it is a dry run, they have also been applied. */
  changes: Type.Number(),
  progress: Type.Object({
    departmentsDone: Type.Number(),
    departments: Type.Number(),
    members: Type.Number(),
    /** From 0 to 100. */
    percent: Type.Number(),
    membersPerSecond: Type.Number(),
    /** Null while no estimate is possible. */
    secondsLeft: Type.Union([Type.Number(), Type.Null()]),
  }),
  problems: Type.Array(Type.String()),
  error: Type.Union([Type.String(), Type.Null()]),
  approved: Type.Boolean(),
  /** Whether the mirror was empty when the run began. */
  first: Type.Boolean(),
  createdAt: time,
  startedAt: Type.Union([time, Type.Null()]),
  finishedAt: Type.Union([time, Type.Null()]),
  durationMs: Type.Union([Type.Number(), Type.Null()]),
})
export type RunRow = Static<typeof runRowSchema>

const none = { put: 0, drop: 0 }

export function runRow(ctx: Core, stored: Run, language: Language): RunRow {
  const run = runIn(language, stored)
  const counts = { department: none, member: none, tag: none, ...run.counts }
  const endedAt = run.finishedAt?.getTime() ?? ctx.now()
  return {
    id: run.id,
    kind: run.kind,
    state: run.state,
    phase: run.phase,
    requestedBy: run.requestedBy,
    counts,
    changes: Object.values(counts).reduce((sum, { put, drop }) => sum + put + drop, 0),
    progress: progressOf(run, endedAt),
    problems: run.problems,
    error: run.error,
    approved: run.approved,
    first: run.first,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.startedAt ? Math.max(endedAt - run.startedAt.getTime(), 0) : null,
  }
}

/** Departments are read one after the other, so the share that has been read gives the progress and the time left. */
function progressOf(run: Omit<Run, 'phase' | 'problems' | 'error'>, endedAt: number): RunRow['progress'] {
  const { pagesDone = 0, pagesTotal = 0, members = 0 } = run.progress
  const seconds = run.startedAt ? (endedAt - run.startedAt.getTime()) / 1000 : 0
  const share = pagesTotal > 0 ? Math.min(pagesDone / pagesTotal, 1) : 0
  const isOpen = run.state === 'waiting' || run.state === 'running'
  const left = share > 0 && seconds > 0 ? Math.round((seconds * (1 - share)) / share) : null
  return {
    departmentsDone: pagesDone,
    departments: pagesTotal,
    members,
    percent: run.state === 'done' ? 100 : Math.floor(share * (isOpen ? 99 : 100)),
    membersPerSecond: seconds > 0 ? Math.round(members / seconds) : 0,
    secondsLeft: isOpen ? left : null,
  }
}

/** What the work on the address book cannot reach. `nextAt` is null while it is still being tried. */
export const outageSchema = Type.Object({
  reason: Type.String(),
  since: time,
  nextAt: Type.Union([time, Type.Null()]),
})

export function outageIn(language: Language, outage: Outage): Static<typeof outageSchema> {
  const { since, attempts, nextAt, reason } = outage
  return { reason: wordsIn(language, reason), since, nextAt: attempts > 0 ? nextAt : null }
}
