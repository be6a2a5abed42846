import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import { auditTreeRetention } from './retention.ts'
import { appendWaiting } from './tree/append.ts'

/** Whatever has committed is in its tree within ten seconds. */
const lookEveryMs = 3000

/** The audit that cannot be changed unseen: a tree of hashes over its entries, checkpoints that are sent on, verification. */
export const auditTreeFeature = feature<Core>()({
  name: 'audit-tree',
  tables: auditTreeRetention,
  start: ctx =>
    regularly(
      lookEveryMs,
      async () => {
        await appendWaiting(ctx)
      },
      error => ctx.log.warn(describeError(error), 'audit entries not put in order'),
    ),
})
