/**
 * 审批 of WeCom. setup/ is by which app, which templates, who may use them; apply/ submits, and looks for what WeCom did not confirm; follow/ reads again
 * what events tell of, and keeps to-dos and developers up to date.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Apps } from '../apps/catalog.ts'
import type { TodoSettings } from '../todos/settings/catalog.ts'
import { applyCall, getApprovalCall, listApprovalsCall, listTemplatesCall } from './approval-api.ts'
import { approvalEvents, readApprovals } from './follow/event-content.ts'
import { noteHeard } from './follow/heard.ts'
import { approvalPersonal, approvalRetention } from './retention.ts'
import * as admin from './setup/admin-calls.ts'
import { approvalCommands } from './setup/commands.ts'
import { approvalGrants } from './setup/granted-store.ts'
import * as pages from './setup/page-calls.ts'
import { approvalAppSection, approvalSection } from './setup/settings-section.ts'
import { approvalsFeature as name } from './setup/setup.ts'
import { approvalsStuck } from './stuck.ts'
import { approvalTrialValues } from './trial-values.ts'
import { handleApprovals, scheduleApprovals } from './work.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  jobs: Jobs
  mirrors: Mirrors
  offered: FeatureOffers
  queue: Queue
  todoSettings: TodoSettings
}

export const approvalsFeature = feature<Needs>()({
  name,
  optional: {
    title: { zh: '审批', en: 'Approvals' },
    brings: {
      zh: '提交和跟踪审批',
      en: 'Developers submit approvals of WeCom and follow them, and what waits for approval is in the to-dos',
    },
    whenOff: ['/web/approvals/templates/remove'],
  },
  scopes: ['approval:read', 'approval:write'],
  calls: [applyCall, getApprovalCall, listApprovalsCall, listTemplatesCall],
  adminCalls: [
    admin.adminListApprovals,
    admin.adminApprovals,
    admin.adminSetApprovals,
    admin.adminPutApprovalTemplate,
    admin.adminRemoveApprovalTemplate,
  ],
  pageCalls: [
    pages.listApprovalsPage,
    pages.showApproval,
    pages.showApprovalSettings,
    pages.listApprovalTemplates,
    pages.saveApprovalSettings,
    pages.saveApprovalTemplate,
    pages.removeApprovalTemplate,
  ],
  commands: approvalCommands,
  commandGroups: {
    approval: {
      zh: '列出审批，设置审批使用的应用',
      en: 'List approvals, and set the WeCom app that they use',
    },
    'approval template': { zh: '添加、列出和移除审批模板', en: 'Add, list and remove approval templates' },
  },
  settings: { approvals: approvalAppSection, approvalTemplates: approvalSection },
  causes: { approvalsStuck },
  eventTypes: approvalEvents,
  events: readApprovals,
  grants: [approvalGrants],
  personal: approvalPersonal,
  tables: approvalRetention,
  kept: [
    {
      of: 'developer',
      table: 'approval_grant',
      column: 'dev_id',
      refers: { column: 'template_id', table: 'approval_template', key: 'id', otherwise: 'leave out' },
    },
  ],
  trialValues: approvalTrialValues,
  agentHeard: noteHeard,
  work: handleApprovals,
  schedule: scheduleApprovals,
})
