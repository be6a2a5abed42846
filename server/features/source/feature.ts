/**
 * Sources of people (人事源): people and departments of a file, a view, a directory or source/put, which are written into WeCom. read/ gets what
 * a source has, plan/ compares it with the address book and writes nothing, runs/ stores that as a preview, has it approved, writes it row by row
 * and takes it back.
 */

import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import * as admin from './admin-calls.ts'
import { sourceStopped, sourceUnread, sourceWaits } from './causes.ts'
import { sourceCommands } from './commands.ts'
import * as runs from './console/run-calls.ts'
import * as pages from './console/source-calls.ts'
import { bindNew } from './person-store.ts'
import { sourcePersonal, sourceRetention } from './retention.ts'
import { runToWrite } from './runs/run-store.ts'
import { sourceSecret } from './sealed.ts'
import { sourceSection } from './settings-section.ts'
import { putSource } from './source-api.ts'
import { handleSources, type SourceWorkNeeds, scheduleSources } from './work.ts'

export const peopleSourceFeature = feature<SourceWorkNeeds & { jobs: Jobs }>()({
  name: 'people-source',
  optional: {
    title: { zh: '人事源', en: 'Sources of people' },
    brings: {
      zh: '人员写入企业微信',
      en: 'Writes people and departments of an HR system into WeCom: preview, approval, writing, undo',
    },
    whenOff: ['/web/directory/sources/remove', '/web/directory/sources/refuse'],
    goesOn: async (ctx, corpId) =>
      (await runToWrite(ctx.db, corpId))
        ? [{ zh: '已批准的写入会写完', en: 'runs that were approved are written to their end' }]
        : [],
  },
  scopes: ['source:write'],
  calls: [putSource],
  pageCalls: [
    pages.listSources,
    pages.addSourceCall,
    pages.setSourceCall,
    pages.removeSourceCall,
    pages.trySource,
    pages.previewSource,
    runs.listRuns,
    runs.showRun,
    runs.listRows,
    runs.approveRunCall,
    runs.refuseRunCall,
    runs.undoRunCall,
  ],
  adminCalls: [
    admin.adminSources,
    admin.adminAddSource,
    admin.adminSetSource,
    admin.adminRemoveSource,
    admin.adminPreviewSource,
    admin.adminSourceRuns,
    admin.adminSourceRows,
    admin.adminApproveRun,
    admin.adminRefuseRun,
    admin.adminUndoRun,
  ],
  commands: sourceCommands,
  commandGroups: {
    source: {
      zh: '管理人事源：预览、批准和撤回写入',
      en: 'Manage sources of people: preview, approve and undo what they write',
    },
  },
  settings: { sources: sourceSection },
  causes: { sourceUnread, sourceStopped, sourceWaits },
  personal: sourcePersonal,
  tables: sourceRetention,
  sealed: [sourceSecret],
  arrived: (_ctx, tx, corpId, memberIds) => bindNew(tx, corpId, memberIds),
  work: handleSources,
  schedule: scheduleSources,
})
