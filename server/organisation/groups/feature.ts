/**
 * Groups of members (人群) that keep themselves: rule.ts reads a rule, match.ts asks it of a member, touched.ts says whom a change of the
 * address book concerns, work.ts works it off, settle.ts writes who came and went. Nodes hold the members of groups that visibility and data
 * scopes name in memory (directory/mirror/group-sets.ts); messages read them.
 */

import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import * as admin from './admin/group-calls.ts'
import { groupCommands } from './commands.ts'
import * as pages from './console/group-calls.ts'
import { roleGroupGrants, roleGroupMemberGrants } from './granted-store.ts'
import { groupList, groupMembers, groupTrialValues } from './group-api.ts'
import { readGroupEvents } from './group-events.ts'
import { endRuleDepartments, type GroupNeeds } from './groups.ts'
import { groupPersonal, groupRetention } from './retention.ts'
import { groupSection } from './settings-section.ts'
import { handleGroups, scheduleGroups } from './work.ts'

export const memberGroupsFeature = feature<GroupNeeds & { queue: Queue; jobs: Jobs }>()({
  name: 'groups',
  optional: {
    title: { zh: '人群', en: 'Groups' },
    brings: {
      zh: '按规则更新的成员',
      en: 'Groups of members that follow a rule by themselves',
    },
    whenOff: ['/web/directory/groups/remove'],
  },
  events: readGroupEvents,
  calls: [groupList, groupMembers],
  pageCalls: [
    pages.groupsCall,
    pages.groupCall,
    pages.groupFields,
    pages.groupMembersCall,
    pages.previewGroupCall,
    pages.saveGroupCall,
    pages.removeGroupCall,
  ],
  adminCalls: [
    admin.adminGroups,
    admin.adminGroup,
    admin.adminAddGroup,
    admin.adminSetGroup,
    admin.adminRemoveGroup,
  ],
  commands: groupCommands,
  commandGroups: { group: { zh: '新建、修改和删除人群', en: 'Create, change and delete groups' } },
  settings: { groups: groupSection },
  personal: groupPersonal,
  grants: [roleGroupGrants, roleGroupMemberGrants],
  tables: groupRetention,
  trialValues: groupTrialValues,
  endDepartments: endRuleDepartments,
  work: handleGroups,
  schedule: scheduleGroups,
})
