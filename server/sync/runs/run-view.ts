import type { Core } from '../../core.ts'
import type { Language } from '../../http/words.ts'
import { type Counts, type Run, type RunKind, type RunState, runIn } from './run-store.ts'

/** A run as the console shows it. */
export type RunRow = {
  id: number
  kind: RunKind
  state: RunState
  phase: string
  requestedBy: string
  counts: Counts
  /** Differences found so far; applied too, unless it is a dry run. */
  changes: number
  progress: {
    departmentsDone: number
    departments: number
    members: number
    /** 0 to 100. */
    percent: number
    membersPerSecond: number
    /** Null while nothing can be said. */
    secondsLeft: number | null
  }
  problems: string[]
  error: string | null
  approved: boolean
  /** The mirror was empty when it began. */
  first: boolean
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  durationMs: number | null
}

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

/** Departments are what is read one after the other: their share is the run's, and tells what is left. */
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
