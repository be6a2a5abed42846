import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putApp = (id: string) =>
    put(sql`insert into app (id, corp_id, name, created_at) values (${id}, ${corpId()}, 'a', now())
      on conflict (id) do nothing`)
  return {
    app_consent: {
      kept: 400,
      marked: 'app_id',
      put: async (days, mark) => {
        await putApp(mark)
        return put(sql`insert into app_consent (corp_id, app_id, member_id, claims, agreed_at, withdrawn_at)
          values (${corpId()}, ${mark}, 1, '{}', ${ago(days + 1)}, ${ago(days)})`)
      },
    },
    app_session: {
      kept: 40,
      marked: 'id',
      put: async (days, mark) => {
        await putApp('kept')
        return put(sql`insert into app_session (corp_id, id, app_id, member_id, session_id, protocol, sid, logout_uri, started_at)
          values (${corpId()}, ${mark}, 'kept', 1, 's', 'oidc', ${mark}, '', ${ago(days)})`)
      },
    },
    app_logout: {
      kept: 30,
      marked: 'sid',
      put: async (days, mark) => {
        await putApp('kept')
        return put(sql`insert into app_logout (corp_id, app_id, member_id, protocol, sid, uri, cause, state, next_at, created_at)
          values (${corpId()}, 'kept', 1, 'oidc', ${mark}, '', 'left', 'done', ${ago(days)}, ${ago(days)})`)
      },
    },
  }
}
