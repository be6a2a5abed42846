import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { directorySize } from '../../organisation/corps/size-store.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import type { Core } from '../../platform/core.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { stepSchema, stepsToLive } from './steps.ts'

const runsLookedAt = 5

/** The page of day one asks this every few seconds, so that each step ticks by itself. */
export const consoleStart = pageCall({
  method: 'GET',
  path: '/web/start',
  access: administrator('super'),
  point: 'corp:read',
  input: {},
  output: Type.Object({
    steps: Type.Array(stepSchema),
    /** The latest sync; null before the first. */
    run: Type.Union([Type.Object({ id: Type.Number(), state: Type.String() }), Type.Null()]),
  }),
  async handle(ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }, { corpId }) {
    const [{ listed: members }, runs] = await Promise.all([
      directorySize(ctx.db, corpId),
      recentRuns(ctx.db, corpId, runsLookedAt),
    ])
    const [last] = runs
    return {
      steps: await stepsToLive(ctx, corpId, { members, runs }),
      run: last ? { id: last.id, state: last.state } : null,
    }
  },
})
