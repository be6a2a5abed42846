import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { type Announcements, createAnnouncements } from './catalog.ts'
import { announcementCommands } from './commands.ts'
import * as console from './console-calls.ts'
import { myAnnouncements, noteMyAnnouncement, putAwayMyAnnouncement } from './portal-calls.ts'
import { announcementMarks, exportAnnouncementMarks } from './reader-calls.ts'
import { announcementPersonal, announcementRetention } from './retention.ts'
import { announcementsWithGroup } from './store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }
type Services = { announcements: Announcements }

/** What administrators announce on the workbench. */
export const announcementsFeature = feature<Needs, Services>()({
  name: 'announcements',
  pageCalls: [
    myAnnouncements,
    putAwayMyAnnouncement,
    noteMyAnnouncement,
    console.listAnnouncements,
    console.getAnnouncement,
    console.addAnnouncementCall,
    console.saveAnnouncement,
    console.endAnnouncementCall,
    announcementMarks,
    exportAnnouncementMarks,
  ],
  commands: announcementCommands,
  commandGroups: {
    announcement: { zh: '发布、列出和撤下公告', en: 'Publish, list and take down announcements' },
  },
  personal: announcementPersonal,
  async groupUses(ctx, tx, corpId, groupId) {
    const now = new Date(ctx.now())
    const names = groupId === undefined ? [] : await announcementsWithGroup(tx, corpId, groupId, now)
    return names.map(name => ({
      zh: `公告“${name}”`,
      en: `the announcement "${name}"`,
      point: 'app:announce',
    }))
  },
  tables: announcementRetention,
  create: ctx => ({ announcements: createAnnouncements(ctx) }),
  readers: ({ announcements }) => [announcements],
})
