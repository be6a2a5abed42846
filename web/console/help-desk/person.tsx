import { ArrowLeftOutlined } from '@ant-design/icons'
import { Alert, Avatar } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { usePathPart } from '../../ui/address/url-state.ts'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../ui/feedback.tsx'
import { isUnknown } from '../../ui/objects/object-page.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { AppsPanel } from './apps-panel.tsx'
import { ChoicesPanel } from './choices-panel.tsx'
import { CopiesPanel } from './copies-panel.tsx'
import './help-desk.css'
import { MemberState } from './member-state.tsx'
import { MessagesPanel } from './messages-panel.tsx'
import { RefusalFacts } from './refusal-facts.tsx'
import { SessionsPanel } from './sessions-panel.tsx'
import { refusalDays } from './shown.ts'
import { useRoleLost } from './use-role-lost.ts'

type Person = Answer<'/web/help-desk/person'>

/** What somebody who helps a member has to know of them. */
export function Page(): ReactNode {
  const t = useText('help-desk')
  const { data, error, refetch } = useRead('/web/help-desk/person', { userId: usePathPart('id') })
  useRoleLost(error)
  return (
    <>
      <p className="help-desk-back">
        <PageLink to="/console/help-desk">
          <ArrowLeftOutlined /> {t('back')}
        </PageLink>
      </p>
      {/* What was seen before is not shown any more to somebody who may not see it now. */}
      {error && isUnknown(error) ? <NotFound title={t('noSuchMember')} hint={t('noSuchMemberHint')} /> : null}
      {error && !isUnknown(error) ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {data && !error ? <Known person={data} /> : null}
      {data || error ? null : <Loading />}
    </>
  )
}

function Known({ person }: { person: Person }): ReactNode {
  return (
    <>
      <Head person={person} />
      <div className="help-desk-panels">
        <div>
          <RefusalsPanel refusals={person.refusals} />
          <SessionsPanel person={person} />
          <SignInsPanel signIns={person.signIns} />
          <AppSignInsPanel signIns={person.appSignIns} />
        </div>
        <div>
          <MessagesPanel userId={person.userId} messages={person.messages} />
          <ChoicesPanel choices={person.messageChoices} />
          <CopiesPanel userId={person.userId} />
          <AppsPanel person={person} />
        </div>
      </div>
    </>
  )
}

const kinds = { good: 'success', warn: 'warning', bad: 'error' } as const

function Head({ person }: { person: Person }): ReactNode {
  const t = useText('help-desk')
  const {
    userName,
    userId,
    avatarUrl,
    status,
    position,
    mobile,
    email,
    orgs,
    syncedAt,
    changedAt,
    firstLine,
  } = person
  const facts: [string, ReactNode][] = [
    [t('userId'), userId],
    [t('mobile'), mobile],
    [t('email'), email],
    [t('position'), position],
    [t('orgs'), orgs.join(t('listJoint'))],
    [t('synced'), syncedAt ? <Time at={syncedAt} /> : t('neverSynced')],
    [t('changed'), changedAt ? <Time at={changedAt} /> : ''],
  ]
  return (
    <Panel className="help-desk-head">
      <div className="help-desk-title">
        <Avatar size={48} {...(avatarUrl ? { src: avatarUrl } : {})} alt="" className="help-desk-avatar">
          {/[\p{L}\p{N}]/u.exec(userName)?.[0] ?? ''}
        </Avatar>
        <PageTitle
          title={
            <span className="help-desk-heading">
              <bdi>{userName}</bdi> <MemberState status={status} />
            </span>
          }
        />
      </div>
      <Alert
        type={kinds[firstLine.kind]}
        showIcon
        title={firstLine.text}
        description={
          firstLine.advice ? (
            <>
              <strong>{t('todo')}</strong> {firstLine.advice}
            </>
          ) : null
        }
        className="help-desk-state"
      />
      <dl className="help-desk-profile">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || '—'}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function RefusalsPanel({ refusals }: { refusals: Person['refusals'] }): ReactNode {
  const t = useText('help-desk')
  return (
    <Panel title={t('refusalsTitle')}>
      {refusals.length === 0 ? (
        <p className="wisp-quiet help-desk-note">{t('refusalsEmpty', { days: refusalDays })}</p>
      ) : (
        <ul className="help-desk-rows help-desk-scroll">
          {refusals.map(one => (
            <li key={one.number}>
              <RefusalFacts refusal={one} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function SignInsPanel({ signIns }: { signIns: Person['signIns'] }): ReactNode {
  const t = useText('help-desk')
  const clientName = useClientName()
  return (
    <Panel title={t('signInsTitle')}>
      {signIns.length === 0 ? <p className="wisp-quiet help-desk-note">{t('signInsEmpty')}</p> : null}
      <ul className="help-desk-rows">
        {signIns.map(one => (
          <li key={`${one.at} ${one.userAgent}`} className="help-desk-line">
            <Time at={one.at} />
            <span className="help-desk-grow">{clientName(one.userAgent) || t('unknownDevice')}</span>
            <span className="wisp-quiet">{one.address}</span>
            {one.endedAt ? <span className="wisp-quiet">{t('signInEnded')}</span> : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** To applications, and what was refused there. */
function AppSignInsPanel({ signIns }: { signIns: Person['appSignIns'] }): ReactNode {
  const t = useText('help-desk')
  return (
    <Panel title={t('appSignInsTitle')}>
      {signIns.length === 0 ? <p className="wisp-quiet help-desk-note">{t('appSignInsEmpty')}</p> : null}
      <ul className="help-desk-rows">
        {signIns.map(one => (
          <li key={one.number} className="help-desk-line">
            <Time at={one.at} />
            <span className="help-desk-grow">
              <bdi>{one.appName}</bdi> <span className="wisp-quiet">{one.wayName}</span>
            </span>
            <State kind={one.why ? 'bad' : 'good'}>{one.why || t('signedIn')}</State>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
