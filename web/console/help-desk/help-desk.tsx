import { Input, Tag } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import './help-desk.css'
import { MemberState } from './member-state.tsx'
import { CallFacts, RefusalFacts } from './refusal-facts.tsx'
import { refusalDays } from './shown.ts'
import { useRoleLost } from './use-role-lost.ts'

type FoundPeople = Answer<'/web/help-desk/find'>

/** Finds whoever asks for help, by what they can say on the phone. */
export function Page(): ReactNode {
  const t = useText('help-desk')
  const [{ q = '' }, set] = useUrlState()
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <Input.Search
        className="help-desk-ask"
        size="large"
        autoFocus
        allowClear
        maxLength={100}
        enterButton={t('find')}
        value={text}
        placeholder={t('ask')}
        aria-label={t('ask')}
        onChange={event => setText(event.target.value)}
        onSearch={asked => set({ q: asked.trim() })}
      />
      {q === '' ? (
        <Panel>
          <EmptyState title={t('start')} hint={t('startHint')} />
        </Panel>
      ) : (
        <Result q={q} />
      )}
    </>
  )
}

function Result({ q }: { q: string }): ReactNode {
  const { data, error, refetch } = useRead('/web/help-desk/find', { q })
  useRoleLost(error)
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return <Hits q={q} found={data} />
}

function Hits({ q, found }: { q: string; found: FoundPeople }): ReactNode {
  const t = useText('help-desk')
  const { people, refusal, call, isMore } = found
  if (people.length === 0 && !refusal && !call)
    return (
      <Panel>
        <EmptyState title={t('nothing', { words: q })} hint={t('nothingHint', { days: refusalDays })} />
      </Panel>
    )
  return (
    <div className="help-desk-results">
      {refusal ? (
        <Panel title={t('refusalTitle', { number: refusal.number })}>
          <RefusalFacts refusal={refusal} isWhole />
          {people.length === 0 ? <p className="wisp-quiet help-desk-note">{t('noPeople')}</p> : null}
        </Panel>
      ) : null}
      {call ? (
        <Panel title={t('callTitle', { number: call.requestId })}>
          <CallFacts call={call} />
        </Panel>
      ) : null}
      {people.length > 0 ? (
        <Panel title={t('people')}>
          <ul className="help-desk-people">
            {people.map(one => (
              <Person key={`${one.userId} ${one.leftAt}`} person={one} />
            ))}
          </ul>
          {isMore ? <p className="wisp-quiet help-desk-note">{t('more')}</p> : null}
        </Panel>
      ) : null}
    </div>
  )
}

function Person({ person }: { person: FoundPeople['people'][number] }): ReactNode {
  const t = useText('help-desk')
  const { userId, userName, org, mobile, status, leftAt, hasRole } = person
  const isServed = !hasRole && leftAt === ''
  const about = [org, mobile].filter(Boolean).join(' · ')
  return (
    <li>
      <div className="help-desk-who">
        <span className="help-desk-name">
          {isServed ? (
            <PageLink to={`/console/help-desk/${encodeURIComponent(userId)}`}>
              <bdi>{userName}</bdi>
            </PageLink>
          ) : (
            <bdi>{userName}</bdi>
          )}{' '}
          <span className="wisp-quiet help-desk-id">{userId}</span>
        </span>
        {about ? <span className="wisp-quiet">{about}</span> : null}
        {leftAt ? <span className="wisp-quiet">{t('leftSince', { time: formatTime(leftAt) })}</span> : null}
        {hasRole ? <span className="wisp-quiet">{t('hasRoleHint')}</span> : null}
      </div>
      {hasRole ? <Tag>{t('hasRole')}</Tag> : null}
      {leftAt ? <State kind="idle">{t('left')}</State> : <MemberState status={status} />}
    </li>
  )
}
