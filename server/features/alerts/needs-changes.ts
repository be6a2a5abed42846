/**
 * Open pages hear of it when what needs somebody is another (`wisp_needs`). Each act that is recorded may have mended something, so it is told
 * here in its transaction, and each look for causes tells what it opened and ended. A signal that is lost is made up for: pages ask once a
 * minute, causes are looked for every five.
 */

import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOpen } from '../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../platform/core.ts'
import { createAwaited, type PolledNumbers } from '../../platform/http/waiting/awaited.ts'
import { type AttentionRow, type AttentionScope, isKnown } from '../../platform/manifest/attention.ts'
import { describeError } from '../../platform/operation/log.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { lookedAt } from '../../platform/queue/needs-signal.ts'
import { persistently } from '../../platform/storage/bus.ts'
import { corpsWithOpenAlerts } from './store.ts'

/** Keys of those who wait begin with `keyOf`. */
export type NeedsChanges = Pick<PolledNumbers, 'next' | 'changedForAll' | 'stopWaiting'> & {
  /** The number of what somebody sees; those who see the same share one count. */
  countOf(seen: AttentionScope, count: () => Promise<number>): Promise<number>
  /** From now on, causes of open alerts are looked for after acts. Nodes do that, and commands do not. */
  lookAfterActs(): void
}

/** Acts can follow each other by hundreds, also those that strangers cause, so pages count again no more often than this. */
const everyMs = 300

/** Begins with what decides whom a change concerns. */
export const keyOf = ({ corpId, withInstallation }: AttentionScope) =>
  `${withInstallation ? 'installation' : 'corp'} ${corpId} `

export async function createNeedsChanges(ctx: Core & { corps: Corps }): Promise<NeedsChanges> {
  // Apart from those who wait, because a count of one of these would otherwise wait for a place that those hold.
  const counted = createAwaited(ctx)
  const waiting = createAwaited(ctx)
  const changed = new Set<string>()
  const look = createLook(ctx)
  let isLooking = false

  function changedForAll() {
    counted.changedForAll()
    waiting.changedForAll()
  }

  function changedBelow(start: string) {
    counted.changedBelow(start)
    waiting.changedBelow(start)
  }

  function tellPages() {
    const starts = [...changed]
    changed.clear()
    if (starts.includes('')) changedForAll()
    else for (const start of starts) changedBelow(start)
  }

  function note(starts: readonly string[]) {
    if (changed.size === 0) setTimeout(tellPages, everyMs).unref()
    for (const start of starts) changed.add(start)
  }

  await ctx.bus.listen(
    'wisp_needs',
    payload => {
      const { corpId, isLooked } = lookedAt(payload)
      if (corpId !== '') note([true, false].map(withInstallation => keyOf({ corpId, withInstallation })))
      // An act of the installation changes only what its own administrators see; a look for causes may be told of once for many corps.
      else note([isLooked ? '' : 'installation '])
      if (isLooking && !isLooked && ctx.homes.isHere(corpId)) look(corpId)
    },
    changedForAll,
  )

  return {
    next: waiting.next,
    stopWaiting: waiting.stopWaiting,
    changedForAll,
    countOf: async (seen, count) => counted.of(keyOf(seen), count),
    lookAfterActs() {
      isLooking = true
    },
  }
}

/** Looks again for causes after an act in a corp; '' for one of the installation. Acts during a look are served by one more. */
function createLook(ctx: Core & { corps: Corps }): (corpId: string) => void {
  const acted = new Set<string>()
  const lookSoon = persistently(
    async () => {
      const corpIds = [...acted]
      acted.clear()
      try {
        await lookAgain(ctx, corpIds)
      } catch (error) {
        for (const corpId of corpIds) acted.add(corpId)
        throw error
      }
      await delay(everyMs, undefined, { signal: ctx.stopping, ref: false })
    },
    {
      stopping: ctx.stopping,
      onFailure: error => ctx.log.warn(describeError(error), 'causes of alerts not looked for after an act'),
    },
  )
  return corpId => {
    acted.add(corpId)
    void lookSoon()
  }
}

/** What was mended has an open alert, mostly of that corp; without one there is nothing to end. */
async function lookAgain(ctx: Core & { corps: Corps }, corpIds: readonly string[]): Promise<void> {
  if (corpIds.length === 0) return
  const corpId = askedBy(ctx, await corpsWithOpenAlerts(ctx.db, corpIds))
  if (corpId !== undefined) await checkAlerts(ctx, ctx.db, corpId)
}

/** Whose task looks. One look is for all corps, and the queue holds back the tasks of those that are suspended. */
export function askedBy(
  ctx: Pick<Core, 'homes'> & { corps: Pick<Corps, 'all' | 'closureOf'> },
  withAlerts: readonly string[],
): string | undefined {
  const all = ctx.corps.all().map(one => one.corpId)
  const open = all.filter(corpId => isOpen(ctx, corpId))
  const ofInstallation = withAlerts.includes('') ? (open.find(ctx.homes.isHere) ?? open[0]) : undefined
  return open.find(one => withAlerts.includes(one)) ?? ofInstallation
}

/** A number that is another when the rows are: their words may have ages in them, which change by themselves. */
export function numberOf(rows: readonly AttentionRow[]): number {
  const said = rows.map(one => [
    one.kind,
    one.subject,
    one.severity,
    one.title.zh,
    one.alert?.id,
    isKnown(one),
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest().readUIntBE(0, 6)
}
