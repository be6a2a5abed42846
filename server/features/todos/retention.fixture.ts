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
  }
}
