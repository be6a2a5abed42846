import type { Core } from '../../../platform/core.ts'
import { inboxStates } from '../../../platform/inbox/event-store.ts'
import type { Warning } from '../../../platform/manifest/feature.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { Corps } from '../../corps/corps.ts'
import { lastRuns } from '../figures-store.ts'

/** What /readyz says of the mirrors of all corps. */
export async function syncWarnings(
  { db, corps }: Core & { corps: Corps },
  language: Language,
): Promise<Warning[]> {
  const [runs, inboxes] = await Promise.all([lastRuns(db), inboxStates(db, 'directory')])
  return corps.all().flatMap(({ corpId }) => {
    const run = runs.get(corpId)
    const parked = inboxes.get(corpId)?.parked ?? 0
    const why = wordsIn(language, run?.error ?? '')
    const texts: string[] = []
    if (!run) texts.push('never synced')
    if (run?.state === 'failed') texts.push(`sync run ${run.id} failed: ${why}`)
    if (run?.state === 'approval') texts.push(`sync run ${run.id} waits for approval: ${why}`)
    if (parked > 0) texts.push(`${parked} contact events are parked`)
    return texts.map(text => ({ corpId, text }))
  })
}
