import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const pageSize = 10

function More(props: { shown: number; total: number; onMore(): void }): ReactNode {
  const t = useText('app-sign-in')
  if (props.shown >= props.total) return null
  return <Button onClick={props.onMore}>{t('more')}</Button>
}

/** Who was signed in to the application by wisp and was not signed out since. */
export function AppSessions({ id }: { id: string }): ReactNode {
  const t = useText('app-sign-in')
  const [size, setSize] = useState(pageSize)
  const { data } = useRead('/web/apps/sign-in/sessions', { id, pageSize: size }, { keep: true })
  if (!data) return null
  return (
    <Panel
      title={t('sessions')}
      extra={
        <PageLink to="/console/system/sign-ins" search={{ appId: id }}>
          {t('toLog')}
        </PageLink>
      }
    >
      {data.total === 0 ? <p className="wisp-quiet">{t('sessionsNone')}</p> : null}
      <ul className="sign-in-rows">
        {data.list.map(one => (
          <li key={one.id}>
            <span className="sign-in-grow">
              {one.userName || one.userId} <span className="wisp-quiet">{one.userId}</span>
            </span>
            <Time at={one.startedAt} />
          </li>
        ))}
      </ul>
      <More shown={data.list.length} total={data.total} onMore={() => setSize(Math.min(size * 2, 200))} />
    </Panel>
  )
}

type Logout = Answer<'/web/apps/sign-in/logouts'>['list'][number]

const kinds = { waiting: 'busy', done: 'good', failed: 'bad' } as const

/** What the application was told of people who were signed out, and what it answered. */
export function AppLogouts({ id }: { id: string }): ReactNode {
  const t = useText('app-sign-in')
  const [size, setSize] = useState(pageSize)
  const { data } = useRead('/web/apps/sign-in/logouts', { id, pageSize: size }, { keep: true, every: 10_000 })
  if (!data) return null
  return (
    <Panel title={t('logouts')}>
      {data.total === 0 ? <p className="wisp-quiet">{t('logoutsNone')}</p> : null}
      <ul className="sign-in-rows">
        {data.list.map(one => (
          <LogoutRow key={one.id} logout={one} />
        ))}
      </ul>
      <More shown={data.list.length} total={data.total} onMore={() => setSize(Math.min(size * 2, 200))} />
    </Panel>
  )
}

function LogoutRow({ logout }: { logout: Logout }): ReactNode {
  const t = useText('app-sign-in')
  const { userName, userId, cause, state, attempts, status, error, createdAt, uri } = logout
  const said = [status === null ? '' : `HTTP ${status}`, error].filter(Boolean).join(' · ')
  return (
    <li>
      <span className="sign-in-grow">
        {userName || userId} <span className="wisp-quiet">{t(`cause_${cause}`)}</span>
        <small className="wisp-quiet">{uri}</small>
        {said && state !== 'done' ? <small className="wisp-quiet">{said}</small> : null}
      </span>
      <State kind={kinds[state]}>{t(`logout_${state}`, { n: attempts })}</State>
      <Time at={createdAt} />
    </li>
  )
}
