/**
 * Calls are counted and logged beside the call, never before its answer. Memory decides. Once a second a node adds its counts
 * to those of all nodes, reads the sums back, and writes the calls that it kept. Calls that are not kept are a gap with a
 * number.
 */

import type { FastifyRequest } from 'fastify'
import type { Corp, Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { ApiError, ErrorName } from '../../platform/http/errors.ts'
import type { LoggedCall, Outcome } from '../../platform/http/gate.ts'
import type { PersonalData } from '../../platform/http/output.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import { createCountedOnce } from '../../platform/storage/counted-once.ts'
import { withMonths } from '../../platform/storage/months/months.ts'
import { wordsIn, wordsToStore } from '../../platform/words.ts'
import { insertDataReads } from './data-reads/data-read-store.ts'
import { createDataReads } from './data-reads/data-reads.ts'
import { createPace } from './pace.ts'
import { loggedParams } from './params.ts'
import { createPeopleRead } from './people-read.ts'
import { addPeopleRead } from './people-store.ts'
import * as store from './store.ts'

/**
 * The request log (接口日志): calls are noted in memory and written each second by `flush`, so that no call waits for the
 * database. While that is away the latest `waitingAtMost` calls are kept; older ones become a gap.
 */
export type Requests = {
  /** Notes a call of this developer that is over. */
  note(declared: LoggedCall, request: FastifyRequest, developer: Caller, outcome: Outcome<Caller>): void
  /** Notes whose data a program got that is no developer's call; `path` names it, and `devId` may be ''. */
  noteRead(of: { corpId: string; devId: string }, path: string, people: PersonalData): void
  flush(): Promise<void>
}

/** Older calls are as good as gone; the night deletes them. */
export function keptSince(ctx: Core & { corps: Corps }, corpId: string): Date {
  return new Date(ctx.now() - ctx.corps.get(corpId).requestLogDays * 86_400_000)
}

/** For how many days it is kept whose data developers got; 0: not at all. */
export function daysOfDataReads({
  requestLogDays,
  dataReadDays,
}: Pick<Corp, 'requestLogDays' | 'dataReadDays'>): number {
  return Math.max(requestLogDays, dataReadDays)
}

/** '' where nothing but values is left, such as the id that is unknown. */
function reasonOf({ logged }: ApiError): string {
  return /^[…|、,\s]*$/.test(wordsIn('zh', logged)) ? '' : wordsToStore(logged)
}

/** What makes the next such call succeed, for the buttons beside the reason. */
function mendOf({ error, mend }: ApiError): string {
  if (mend && 'path' in mend) return `path ${mend.path}`
  if (mend) return 'scope' in mend ? `scope ${mend.scope}` : `feature ${mend.feature}`
  return mendOfCode[error] ?? ''
}

const mendOfCode: { readonly [E in ErrorName]?: string } = {
  deadToken: 'token',
  wrongSecret: 'secret',
  tooManyRequests: 'limits',
  messageCentre: 'messages',
}

const waitingAtMost = 5000
const gapsAtMost = 10_000
const minuteMs = 60_000

export function createRequests(
  ctx: Pick<Core, 'db' | 'direct' | 'now' | 'nodeId'> & { corps: Pick<Corps, 'find'> },
): Requests {
  const { now, corps } = ctx
  const pace = createPace()
  const gaps = createGaps()
  const people = createPeopleRead()
  const reads = createDataReads()
  let waiting: store.LoggedCall[] = []
  /** One after the other, so that no batch is written twice. */
  const written = createCountedOnce(ctx, {
    kind: 'requests',
    take() {
      const batch = { calls: waiting, missed: gaps.take(), read: people.take(), reads: reads.take() }
      waiting = []
      return Object.values(batch).some(part => part.length > 0) ? batch : undefined
    },
    async write(tx, { calls, missed, read, reads: given }) {
      if (calls.length > 0) await store.insertCalls(tx, calls)
      if (missed.length > 0) await store.addGaps(tx, missed)
      if (read.length > 0) await addPeopleRead(tx, read)
      if (given.length > 0) await insertDataReads(tx, given)
    },
    putBack({ calls, missed, read, reads: given }) {
      gaps.putBack(missed)
      people.putBack(read)
      reads.putBack(given)
      waiting = [...calls, ...waiting]
      dropOldest()
    },
  })

  function dropOldest() {
    for (const { corpId, devId, at, code } of waiting.splice(0, Math.max(0, waiting.length - waitingAtMost)))
      gaps.add({ corpId, devId }, at.getTime(), 'memory', code !== '0')
  }

  function noteRead(of: { corpId: string; devId: string }, path: string, given: PersonalData) {
    const corp = corps.find(of.corpId)
    if (corp && daysOfDataReads(corp) > 0) reads.add(of, path, given, now())
  }

  return {
    noteRead,
    note(declared, request, developer, outcome) {
      const { corpId, devId } = developer
      const corp = corps.find(corpId)
      if (outcome.people) {
        people.add(developer, declared.path, outcome.people.memberIds.length, now())
        noteRead(developer, declared.path, outcome.people)
      }
      if (!corp?.requestLogDays) return
      const isFailure = outcome.failure !== undefined
      const at = now()
      const isKept = pace.keeps(devId, isFailure || (outcome.refused ?? 0) > 0, at)
      if (!isKept) return gaps.add(developer, at, 'pace', isFailure)
      waiting.push(callOf(declared, request, developer, outcome, at))
      if (waiting.length > waitingAtMost * 1.1) dropOldest()
    },
    flush: () => withMonths(ctx, 'call_log', () => waiting.map(call => call.at), written.flush),
  }
}

function callOf(
  declared: LoggedCall,
  request: FastifyRequest,
  { corpId, devId }: Caller,
  { failure, unknown, upstream, refused, given, ms }: Outcome<Caller>,
  at: number,
): store.LoggedCall {
  return {
    corpId,
    requestId: request.id,
    at: new Date(at - ms),
    devId,
    path: declared.path,
    method: request.method,
    code: failure?.code ?? '0',
    reason: failure ? reasonOf(failure) : '',
    mend: failure ? mendOf(failure) : '',
    unknown: unknown ?? [],
    upstream: upstream ? `${upstream.vendor} ${upstream.errcode}` : '',
    refused: refused ?? 0,
    ms: Math.round(ms * 100) / 100,
    address: callerAddress(request),
    params: declared.logged ? loggedParams(declared.logged, declared.input, given ?? {}) : {},
  }
}

type MinuteGap = { corpId: string; minute: number; succeeded: number; failed: number }

/** Counts the calls that were not kept, by developer and minute. */
function createGaps() {
  /** The gaps of the current minute with the reason `pace`, kept apart because every call that is not kept is counted here. */
  let current = new Map<string, MinuteGap>()
  let others = new Map<string, store.Gap>()

  function put(gap: store.Gap) {
    const key = `${gap.devId} ${gap.minute.getTime()} ${gap.reason}`
    const known = others.get(key)
    if (known) {
      known.succeeded += gap.succeeded
      known.failed += gap.failed
    } else if (others.size < gapsAtMost) others.set(key, gap)
  }

  function putCurrent(devId: string, { corpId, minute, succeeded, failed }: MinuteGap) {
    put({ corpId, devId, minute: new Date(minute * minuteMs), reason: 'pace', succeeded, failed })
  }

  return {
    add(of: { corpId: string; devId: string }, at: number, reason: store.GapReason, isFailure: boolean) {
      const minute = Math.floor(at / minuteMs)
      const counts = { succeeded: isFailure ? 0 : 1, failed: isFailure ? 1 : 0 }
      if (reason === 'memory')
        return put({
          corpId: of.corpId,
          devId: of.devId,
          minute: new Date(minute * minuteMs),
          reason,
          ...counts,
        })
      const known = current.get(of.devId)
      if (known?.minute === minute) {
        known.succeeded += counts.succeeded
        known.failed += counts.failed
        return
      }
      if (known) putCurrent(of.devId, known)
      current.set(of.devId, { corpId: of.corpId, minute, ...counts })
    },
    take(): store.Gap[] {
      for (const [devId, missed] of current) putCurrent(devId, missed)
      current = new Map()
      const taken = [...others.values()]
      others = new Map()
      return taken
    },
    putBack(taken: readonly store.Gap[]) {
      for (const gap of taken) put(gap)
    },
  }
}
