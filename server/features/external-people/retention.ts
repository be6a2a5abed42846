import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'

export const externalRetention: readonly Retention[] = [
  { table: 'external_person', goesWith: 'member' },
  { table: 'external_becoming', goesWith: 'member' },
]

export const externalPersonal: readonly PersonalTable[] = [
  {
    table: 'external_person',
    what: { zh: '外部人员的单位与期限', en: 'organisation and end of somebody from outside WeCom' },
    why: 'signIn',
    columns: { member_id: 'member', organisation: 'text', created_by: 'text', ended_by: 'text' },
    shown: ['ends_at'],
    erased: 'goes',
  },
  {
    table: 'external_person',
    what: { zh: '担保的外部人员', en: 'people from outside whom they sponsor' },
    why: 'administration',
    columns: { sponsor_id: 'member' },
    erased: 'numbers',
  },
  {
    table: 'external_becoming',
    what: { zh: '成为成员的确认', en: 'confirmation of becoming a member' },
    why: 'signIn',
    columns: { external_id: 'member', member_id: 'member', decided_by: 'text' },
    erased: 'goes',
  },
]
