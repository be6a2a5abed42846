/**
 * The folders of directory/: mirror/ in memory; read/ the calls of chapter 4; write/; permissions/ who may see what, persons
 * and roles included; search/; import/; supplement/ members' own data; console/ page calls.
 */

import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tickets } from '../../platform/http/visitor.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Corps } from '../corps/corps.ts'
import * as adminDirectory from './admin/directory-calls.ts'
import * as directory from './console/browse.ts'
import { listMemberChanges } from './console/changes-of-day.ts'
import { exportMembers } from './console/member-export.ts'
import * as directorySearch from './console/search.ts'
import { directorySearched } from './console/searched.ts'
import * as directoryTags from './console/tags.ts'
import { directoryWhy } from './console/why-visible.ts'
import { directoryEvents } from './event-types.ts'
import * as directoryImport from './import/import-calls.ts'
import { addDirectoryGauges } from './mirror/gauges.ts'
import { createMirrors, type Mirrors } from './mirror/mirrors.ts'
import { createSnapshots, type Snapshots } from './mirror/snapshot/snapshots.ts'
import type { Roles } from './permissions/person.ts'
import * as api from './read/api.ts'
import { avatarLinks, getAvatar, getFile } from './read/avatars.ts'
import { directoryChanges } from './read/changes.ts'
import { findUser } from './read/find-member.ts'
import { searchUsers } from './read/search-members.ts'
import { directoryTools } from './read/tools.ts'
import { directoryValues } from './read/trial-values.ts'
import { directoryPersonal, directoryRetention } from './retention.ts'
import { addTagUsers, removeTagUsers } from './write/tag-users.ts'

type Services = { mirrors: Mirrors; snapshots: Snapshots }
/** Made by those who come after it. */
type LaterServices = {
  developers: { get(devId: string): Caller | undefined }
  inbox: Inbox
  roles: Roles
  tickets: Tickets
}

/** The mirror of the address book, and what is read from it. */
export const directoryFeature = feature<
  Core & { corps: Corps; outbound: Outbound },
  Services,
  LaterServices
>()({
  name: 'directory',
  eventTypes: directoryEvents,
  scopes: ['directory:read', 'directory:mobile', 'directory:profile', 'tag:write'],
  calls: [
    api.authList,
    api.getUser,
    searchUsers,
    findUser,
    api.higherList,
    api.orgList,
    api.orgUserList,
    api.tagList,
    api.tagUserList,
    addTagUsers,
    removeTagUsers,
    getFile,
    getAvatar,
    directoryChanges,
  ],
  pageCalls: [
    directory.directoryDepartments,
    directory.directoryMembers,
    exportMembers,
    listMemberChanges,
    directory.directoryMember,
    directory.directorySummary,
    directorySearch.directorySearch,
    directorySearch.directoryNames,
    directoryTags.directoryTags,
    directoryTags.directoryTag,
    directoryTags.directoryTagMembers,
    directoryTags.directoryTagEdit,
    directoryWhy,
    directoryImport.previewImport,
    directoryImport.applyImport,
    directoryImport.importTemplate,
    directoryImport.takeBackSupplement,
  ],
  adminCalls: [
    adminDirectory.adminSearch,
    adminDirectory.adminMember,
    adminDirectory.adminSupplement,
    adminDirectory.adminRemoveSupplement,
  ],
  search: directorySearched,
  personal: directoryPersonal,
  tables: directoryRetention,
  gauges: addDirectoryGauges,
  trialValues: directoryValues,
  tools: directoryTools,
  async create(ctx) {
    const { mirrorBytes: bytes, snapshotDir, snapshotBytes } = ctx.config
    const snapshots = createSnapshots({ ...ctx, dir: snapshotDir, bytes: snapshotBytes })
    return { snapshots, mirrors: await createMirrors({ ...ctx, bytes, snapshots, links: avatarLinks(ctx) }) }
  },
  readers: ({ mirrors }) => [
    {
      // Another group may be named now, whose members have to be in memory.
      async reload(corpId) {
        const corpIds = corpId === undefined ? mirrors.loaded().map(one => one.corpId) : [corpId]
        for (const one of corpIds) await mirrors.refreshGroups(one)
      },
    },
  ],
  reloaded({ corps, mirrors, snapshots, log }) {
    for (const { corpId } of mirrors.loaded()) if (!corps.find(corpId)) mirrors.drop(corpId)
    snapshots.sweep().catch(error => log.warn(describeError(error), 'snapshots of gone corps not deleted'))
  },
  async start({ corps, mirrors, snapshots, log }) {
    await snapshots.begin(mirrors.loaded, corpId => corps.find(corpId) !== undefined)
    return regularly(60_000, snapshots.look, error =>
      log.warn(describeError(error), 'snapshots of address books not looked after'),
    )
  },
  close: ({ snapshots }) => snapshots.end(),
})
