import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putApp = (id: string) =>
    put(sql`insert into app (id, corp_id, name, created_at) values (${id}, ${corpId()}, 'a', now())
      on conflict (id) do nothing`)
  return {
    todo: {
      kept: 730,
      marked: 'todo_no',
      put: async (days, mark) => {
        await putApp('todos')
        return put(sql`insert into todo (corp_id, app_id, todo_no, member_id, kind, state, title, pc_url, mobile_url, sender,
            process, step, content, priority, finish_by, created_at, changed_at)
          values (${corpId()}, 'todos', ${mark}, 1, 'todo', 'open', '', '', '', '', '', '', '', 0, 'app',
            ${ago(days)}, ${ago(days)})`)
      },
    },
    app_badge: {
      kept: 400,
      marked: 'app_id',
      put: async (days, mark) => {
        await putApp(mark)
        return put(sql`insert into app_badge (corp_id, app_id, member_id, count, set_at)
          values (${corpId()}, ${mark}, 1, 1, ${ago(days)})`)
      },
    },
    todo_delegation: {
      kept: 400,
      marked: 'created_by',
      put: (days, mark) =>
        put(sql`insert into todo_delegation (corp_id, from_id, to_id, starts_at, ends_at, created_at, created_by)
          values (${corpId()}, 1, 2, ${ago(days + 1)}, ${ago(days)}, ${ago(days + 1)}, ${mark})`),
    },
    todo_notice: {
      kept: 90,
      marked: 'batch',
      put: (days, mark) =>
        put(sql`insert into todo_notice (corp_id, todo_id, to_id, kind, at, created_at, batch)
          values (${corpId()}, 1, 1, 'remind', ${ago(days)}, ${ago(days)}, ${mark})`),
    },
    todo_workbench: {
      kept: 400,
      marked: 'app_id',
      put: async (days, mark) => {
        await putApp(mark)
        return put(sql`insert into todo_workbench (corp_id, app_id, member_id, change_no, changed_at)
          values (${corpId()}, ${mark}, 1, 1, ${ago(days)})`)
      },
    },
  }
}
