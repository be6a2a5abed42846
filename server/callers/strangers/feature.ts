import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import { createStrangers, flushMs, type Strangers } from './strangers.ts'

/** What is written on behalf of people whom nobody knows. */
export const strangersFeature = feature<Core, { strangers: Strangers }>()({
  name: 'strangers',
  create: ctx => ({ strangers: createStrangers(ctx) }),
  start: ({ strangers, log }) =>
    regularly(flushMs, strangers.flush, error =>
      log.error(describeError(error), 'what strangers did was not written'),
    ),
  close: ({ strangers, log }) =>
    strangers.settled().catch(error => log.warn(describeError(error), 'what strangers did was not written')),
})
