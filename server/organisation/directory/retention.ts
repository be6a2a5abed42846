import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneChanges } from './feed-store.ts'
import { pruneAliases, pruneMembers } from './store.ts'

export const directoryRetention: readonly Retention[] = [
  { table: 'department', isBounded: true, because: 'as many as the corp has; those that go are deleted' },
  { table: 'external_department', isBounded: true, because: 'at most 1000 rows per corp' },
  { table: 'tag', isBounded: true, because: 'as many as the corp has; those that go are deleted' },
  { table: 'directory_feed', isBounded: true, because: 'one row per corp' },
  // The row of a member who left is kept for two years, for whatever refers to it.
  {
    table: 'member',
    keptDays: 730,
    countedFrom: 'when the person left; messages keep the userids',
    prune: pruneMembers,
  },
  { table: 'member_supplement', goesWith: 'member' },
  // Counted from the alias's expiry, which is 30 days after the rename (docs/interface/address-book.md#mirror).
  {
    table: 'member_alias',
    keptDays: 0,
    countedFrom: 'its end, 30 days after the rename',
    prune: pruneAliases,
  },
  {
    table: 'directory_change',
    keptDays: 30,
    countedFrom: "the change, with a member's values before and after; the newest of each corp stays",
    prune: pruneChanges,
  },
]

export const directoryPersonal: readonly PersonalTable[] = [
  {
    table: 'member',
    what: { zh: '成员资料', en: 'the member' },
    why: 'addressBook',
    given: ['developers', 'apps'],
    columns: {
      id: 'member',
      user_id: 'userId',
      user_key: 'userId',
      name: 'text',
      alias: 'text',
      mobile: 'mobile',
      email: 'mail',
      biz_mail: 'mail',
      avatar: 'text',
      address: 'text',
      position: 'text',
      sex: 'text',
      attributes: 'text',
      departments: 'text',
    },
    shown: ['status', 'main_department'],
    erased: 'rows',
  },
  {
    table: 'member',
    what: { zh: '下属资料中的直属上级', en: 'direct leader of others' },
    why: 'addressBook',
    given: ['developers'],
    columns: { direct_leaders: 'userIds' },
    erased: 'sync',
  },
  {
    table: 'member_supplement',
    what: { zh: '补充的手机与邮箱', en: 'supplemented mobile and mail' },
    why: 'addressBook',
    given: ['developers'],
    columns: { member_id: 'member', value: 'text', updated_by: 'text' },
    shown: ['field', 'source'],
    erased: 'goes',
  },
  {
    table: 'member_alias',
    what: { zh: '改名前的账号', en: 'userids before renames' },
    why: 'addressBook',
    columns: { member_id: 'member', user_key: 'text' },
    erased: 'goes',
  },
  {
    table: 'directory_change',
    what: { zh: '通讯录的变更', en: 'changes of the address book' },
    why: 'delivery',
    given: ['developers'],
    columns: { member_id: 'member', entity_id: 'userId', old_id: 'userId', fields: 'text' },
    erased: 'short',
  },
  {
    table: 'department',
    what: { zh: '部门负责人', en: 'leaders of departments' },
    why: 'addressBook',
    given: ['developers'],
    columns: { leaders: 'userIds' },
    erased: 'sync',
  },
  {
    table: 'tag',
    what: { zh: '标签的成员', en: 'members of tags' },
    why: 'addressBook',
    given: ['developers'],
    columns: { user_keys: 'userIds' },
    erased: 'sync',
  },
]
