import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAnnouncements, pruneReaders } from './store.ts'

export const announcementRetention: readonly Retention[] = [
  { table: 'announcement', keptDays: 400, countedFrom: 'its end', prune: pruneAnnouncements },
  { table: 'announcement_mark', goesWith: 'announcement' },
  // What a person has put away is deleted in the night after the person's row.
  {
    table: 'announcement_reader',
    keptDays: 0,
    countedFrom: "when the person's row is gone",
    prune: pruneReaders,
  },
]

export const announcementPersonal: readonly PersonalTable[] = [
  {
    table: 'announcement',
    what: { zh: '公告的可见成员', en: 'to whom an announcement is visible' },
    why: 'messages',
    columns: { visible_members: 'members' },
    shown: ['title'],
    erased: 'numbers',
  },
  {
    table: 'announcement',
    what: { zh: '公告由谁发布', en: 'who made an announcement' },
    why: 'administration',
    columns: { updated_by: 'userId', withdrawn_by: 'userId' },
    shown: ['title'],
    erased: 'names',
  },
  {
    table: 'announcement_mark',
    what: { zh: '看过的公告', en: 'announcements that were read' },
    why: 'messages',
    columns: { member_id: 'member' },
    shown: ['announcement_id'],
    erased: 'goes',
  },
  {
    table: 'announcement_reader',
    what: { zh: '收起的公告', en: 'announcements put away' },
    why: 'preferences',
    columns: { owner: 'owner', put_away: 'text' },
    erased: 'rows',
  },
]
