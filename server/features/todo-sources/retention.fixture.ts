import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putSource = async () => {
    await put(sql`insert into app (id, corp_id, name, created_at) values ('sources', ${corpId()}, 'a', now())
      on conflict (id) do nothing`)
    return put(sql`insert into todo_source (corp_id, id, app_id, kind, name, match, key, enabled, addresses, systems,
        pc_prefix, app_prefix, takes_unknown_sender, user_name, password, created_at, updated_at, updated_by)
      values (${corpId()}, 'src', 'sources', 'weaver', 'OA', 'userid', '', true, '{}', '{}', '', '', false, '', '', now(),
        now(), '')
      on conflict (corp_id, id) do nothing`)
  }
  return {
    todo_unrecognised: {
      kept: 90,
      marked: 'print',
      put: async (days, mark) => {
        await putSource()
        return put(sql`insert into todo_unrecognised (corp_id, source_id, call, body, reason, about, flow, print, first_at,
            last_at)
          values (${corpId()}, 'src', 'x', '', 'badBody', '', '', ${mark}, ${ago(days)}, ${ago(days)})`)
      },
    },
    todo_source_person: {
      kept: 1095,
      marked: 'their_id',
      put: async (days, mark) => {
        await putSource()
        return put(sql`insert into todo_source_person (corp_id, source_id, their_id, value, bound_at)
          values (${corpId()}, 'src', ${mark}, 'zhangsan', ${ago(days)})`)
      },
    },
  }
}
