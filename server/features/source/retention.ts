import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRuns } from './runs/run-store.ts'

export const sourceRetention: readonly Retention[] = [
  { table: 'people_source', isBounded: true, because: 'a corp has 10 sources of people at most' },
  { table: 'people_source_department', isBounded: true, because: 'one row per department of a source' },
  {
    table: 'people_source_person',
    isBounded: true,
    because: 'one row per person of a source, until the member is deleted',
  },
  {
    table: 'people_source_put',
    isBounded: true,
    because: 'one row per person that developers gave, at most 100,000 per source',
  },
  { table: 'people_source_run', keptDays: 90, countedFrom: 'its end', prune: pruneRuns },
  { table: 'people_source_row', goesWith: 'people_source_run' },
]

export const sourcePersonal: readonly PersonalTable[] = [
  {
    table: 'people_source_person',
    what: {
      zh: '人事源中的人，与写入企业微信的字段',
      en: 'people of sources, and what was written to WeCom of them',
    },
    why: 'addressBook',
    given: ['wecom'],
    columns: { member_id: 'member', written: 'text', user_id: 'text' },
    shown: ['key', 'user_id', 'written', 'disabled_at'],
    erased: 'goes',
  },
  {
    table: 'people_source_put',
    what: { zh: '开发者提交的人事资料', en: 'personnel data that developers gave' },
    why: 'addressBook',
    columns: { cells: 'text' },
    shown: ['cells', 'put_at'],
    erased: 'sync',
  },
  {
    table: 'people_source_row',
    what: { zh: '每次写入企业微信的修改', en: 'what was written to WeCom in each run' },
    why: 'addressBook',
    given: ['wecom'],
    columns: { member_id: 'member', user_id: 'text', name: 'text', fields: 'text' },
    shown: ['kind', 'fields', 'at'],
    erased: 'goes',
  },
  {
    table: 'people_source_run',
    what: { zh: '由谁预览和批准人事源的写入', en: 'who previewed and approved what sources wrote' },
    why: 'administration',
    columns: { made_by: 'userId', approved_by: 'userId' },
    shown: ['made_at', 'approved_at'],
    erased: 'names',
  },
  {
    table: 'people_source',
    what: { zh: '人事源由谁设置', en: 'who set up sources of people' },
    why: 'administration',
    columns: { changed_by: 'userId' },
    shown: ['name'],
    erased: 'names',
  },
]
