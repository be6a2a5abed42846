import { Statistic } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatDuration, formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { dailyTime } from './run-words.ts'
import './sync.css'

/** The state of the mirror, the events that wait, the access that WeCom grants, and the node that writes. */
export function StatusCards(props: { status: Answer<'/web/sync/status'> }): ReactNode {
  return (
    <div className="sync-cards">
      <Mirror {...props} />
      <Inbox {...props} />
      <Regime {...props} />
      <Writer {...props} />
    </div>
  )
}

type Props = { status: Answer<'/web/sync/status'> }

function Mirror({ status }: Props): ReactNode {
  const t = useText('sync')
  const last = status.lastDone
  return (
    <Panel title={t('mirror')}>
      <div className="sync-figures">
        <Statistic title={t('members')} value={status.members} formatter={grouped} />
        <Statistic title={t('departments')} value={status.departments} formatter={grouped} />
        <Statistic title={t('tags')} value={status.tags} formatter={grouped} />
      </div>
      {status.quit > 0 ? <p className="sync-words">{t('quit', { n: status.quit })}</p> : null}
      <Fact label={t('lastSync')}>
        {last ? (
          <PageLink to={`/console/sync/runs/${last.id}`}>
            <Time at={last.finishedAt} />
          </PageLink>
        ) : (
          t('never')
        )}
      </Fact>
      <Fact label={t('nightly')}>{nightlyText(t, status)}</Fact>
    </Panel>
  )
}

const grouped = (value: unknown) => formatNumber(Number(value))

function nightlyText(t: ReturnType<typeof useText<'sync'>>, { nightly, timeZone }: Props['status']): string {
  const time = dailyTime(nightly)
  const zone = timeZone === 'Asia/Shanghai' ? t('beijingTime') : timeZone
  return t('inZone', { times: time ? t('nightlyAt', { time }) : nightly, zone })
}

function Inbox({ status }: Props): ReactNode {
  const t = useText('sync')
  const { pending, parked } = status.inbox
  return (
    <Panel title={t('inbox')} extra={<PageLink to="/console/sync/events">{t('seeEvents')}</PageLink>}>
      <div className="sync-figures">
        <Statistic title={t('pending')} value={pending} formatter={grouped} />
        <Statistic
          title={t('parked')}
          value={parked}
          formatter={value =>
            parked > 0 ? (
              <PageLink to="/console/sync/events" search={{ state: 'parked' }}>
                {grouped(value)}
              </PageLink>
            ) : (
              grouped(value)
            )
          }
        />
        <Statistic title={t('lag')} value={lagText(status, t('noLag'))} className="sync-words" />
      </div>
      <Fact label={t('lastEvent')}>
        <Time at={status.lastEventAt} none={t('never')} />
      </Fact>
      <Fact label={t('callback')}>
        {status.callbackVerifiedAt ? (
          <State kind="good">{t('verified')}</State>
        ) : (
          <>
            {t('notVerified')}{' '}
            <PageLink to="/console/system/corps" className="sync-link">
              {t('setUp')}
            </PageLink>
          </>
        )}
      </Fact>
    </Panel>
  )
}

function lagText(status: Answer<'/web/sync/status'>, none: string): string {
  return status.inbox.pending > 0 ? formatDuration(status.lagMs) : none
}

function Regime({ status }: Props): ReactNode {
  const t = useText('sync')
  const { regime, namesAgent } = status
  const words = {
    unknown: { title: t('regimeUnknown'), hint: t('regimeUnknownHint'), kind: 'idle' },
    full: { title: t('regimeFull'), hint: t('regimeFullHint'), kind: 'good' },
    restricted: { title: t('regimeRestricted'), hint: t('regimeRestrictedHint'), kind: 'warn' },
  } as const
  const { title, hint, kind } = words[regime]
  return (
    <Panel title={t('regime')}>
      <div className="sync-regime">
        <State kind={kind}>{title}</State>
      </div>
      <p className="sync-words">{hint}</p>
      {regime === 'restricted' ? (
        <p className="sync-words">
          {namesAgent ? (
            t('regimeAgent', { name: namesAgent.name || String(namesAgent.agentId) })
          ) : (
            <>
              {t('regimeNoAgent')}{' '}
              <PageLink to="/console/system/corps/agents" className="sync-link">
                {t('addAgent')}
              </PageLink>
            </>
          )}
        </p>
      ) : null}
    </Panel>
  )
}

function Writer({ status }: Props): ReactNode {
  const t = useText('sync')
  const { writer } = status
  return (
    <Panel title={t('writer')}>
      {writer ? (
        <div className="sync-regime">
          <State kind="good">{writer.isHere ? t('writerHere') : t('writerOther')}</State>{' '}
          <CopyId value={writer.nodeId} />
        </div>
      ) : (
        <State kind="good">{t('writerNone')}</State>
      )}
      <p className="sync-words">{t('writerHint')}</p>
      <Fact label={t('changeSeq')}>{formatNumber(status.changeSeq)}</Fact>
    </Panel>
  )
}

function Fact(props: { label: string; children: ReactNode }): ReactNode {
  return (
    <div className="sync-fact">
      <span className="wisp-quiet">{props.label}</span>
      <span>{props.children}</span>
    </div>
  )
}
