/**
 * Sources of people (人事源): people and departments of a file, a view, a directory or source/put, which are written into WeCom. read/ gets what
 * a source has, plan/ compares it with the address book and writes nothing, runs/ stores that as a preview, has it approved, writes it row by row
 * and takes it back.
 */

import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import { sourcePersonal, sourceRetention } from './retention.ts'
import { sourceSecret } from './sealed.ts'
import { handleSources, type SourceWorkNeeds, scheduleSources } from './work.ts'

export const peopleSourceFeature = feature<SourceWorkNeeds & { jobs: Jobs }>()({
  name: 'people-source',
  optional: {
    title: { zh: '人事源', en: 'Sources of people' },
    brings: {
      zh: '把人事系统的人员和部门写入企业微信：预览、批准、写入，可撤回',
      en: 'Writes people and departments of an HR system into WeCom: preview, approval, writing, undo',
    },
  },
  personal: sourcePersonal,
  tables: sourceRetention,
  sealed: [sourceSecret],
  work: handleSources,
  schedule: scheduleSources,
})
