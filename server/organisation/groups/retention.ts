import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneLeft } from './membership-store.ts'

export const groupRetention: readonly Retention[] = [
  { table: 'member_group', isBounded: true, because: 'a corp has 500 groups at most' },
  {
    table: 'member_group_member',
    keptDays: 30,
    countedFrom: 'when the member left the group; rows of present members stay',
    prune: pruneLeft,
  },
  { table: 'member_group_feed', isBounded: true, because: 'one row per corp' },
  { table: 'member_group_tag', isBounded: true, because: 'one row per tag that a rule names' },
]

export const groupPersonal: readonly PersonalTable[] = [
  {
    table: 'member_group_member',
    what: { zh: '所在的人群', en: 'groups that a person is in' },
    why: 'addressBook',
    given: ['developers'],
    columns: { member_id: 'member' },
    shown: ['group_id'],
    erased: 'goes',
  },
  {
    table: 'member_group',
    what: { zh: '人群由谁修改', en: 'who changed groups' },
    why: 'administration',
    columns: { changed_by: 'userId' },
    shown: ['name'],
    erased: 'names',
  },
  {
    table: 'member_group_tag',
    what: { zh: '规则中标签的成员', en: 'members of tags that rules name' },
    why: 'addressBook',
    columns: { user_keys: 'userIds' },
    shown: ['tag_id'],
    erased: 'sync',
  },
]
