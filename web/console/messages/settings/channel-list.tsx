import { ApiOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useGo, useUrlState } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { formatAgo } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { State } from '../../../ui/values/state.tsx'
import { messageRows, today } from '../../rows/figure-rows.ts'
import { RowsLink } from '../../rows/rows-link.tsx'
import { viewOf } from '../channels/channel-views.ts'

const path = '/web/messages/channels'
type Channel = Row<typeof path>

/** Every channel in one row: whether it can send, what it sent today, what that cost, and what failed last. */
export function ChannelList(): ReactNode {
  const t = useText('messages')
  const go = useGo()
  const [, set] = useUrlState()
  const open = ({ name }: Channel) => {
    const { page } = viewOf(name)
    if (page) go(page)
    else set({ channel: name })
  }
  return (
    <ListTable
      label={t('settingsTitle')}
      path={path}
      columns={useColumns()}
      rowKey={row => row.name}
      onOpen={open}
      empty={<EmptyState title={t('noChannels')} />}
    />
  )
}

function useColumns(): Column<Channel>[] {
  const t = useText('messages')
  const day = useRead(path, {}).data?.day ?? today()
  return [
    { key: 'label', title: t('channel'), isSubject: true, render: row => <Name channel={row} /> },
    { key: 'state', title: t('state'), render: row => <ReadyState channel={row} /> },
    { key: 'today', title: t('useToday'), render: row => <Use channel={row} day={day} /> },
    { key: 'cost', title: t('costTodayMonth'), render: ({ cost }) => (cost ? <Cost {...cost} /> : '—') },
    { key: 'lastFailure', title: t('lastFailure'), render: row => <LastFailure channel={row} /> },
  ]
}

function Name({ channel: { name, label } }: { channel: Channel }): ReactNode {
  const { Icon = ApiOutlined, page } = viewOf(name)
  return (
    <PageLink to={page ?? '/console/messages/settings'} search={page ? {} : { channel: name }}>
      <Icon aria-hidden style={{ marginInlineEnd: 6 }} />
      {label}
    </PageLink>
  )
}

function ReadyState({ channel: { state, missing, lastTest } }: { channel: Channel }): ReactNode {
  const t = useText('messages')
  if (state === 'off') return <State kind="idle">{t('channelOff')}</State>
  if (state === 'missing')
    return (
      <>
        <State kind="warn">{t('channelIncomplete')}</State>
        <div className="wisp-quiet wisp-missing">{t('channelMissing', { what: missing })}</div>
      </>
    )
  const when = lastTest ? formatAgo(lastTest.at) : ''
  if (state === 'testFailed') return <State kind="bad">{t('testedBad', { when })}</State>
  const tested = !lastTest ? t('untested') : lastTest.isCurrent ? t('testedOk', { when }) : t('changedSince')
  return (
    <>
      <State kind="good">{t('channelReady')}</State>
      <div className="wisp-quiet">{tested}</div>
    </>
  )
}

function Use({ channel: { name, today: use }, day }: { channel: Channel; day: string }): ReactNode {
  const t = useText('messages')
  const { messages, troubled, waiting, isWhole } = use
  if (messages === 0) return <span className="wisp-quiet">{t('noneToday')}</span>
  const figure = (words: string, which: { state?: 'troubled' | 'queued' }) => (
    <RowsLink rows={messageRows(day, { ...which, channel: name })}>{words}</RowsLink>
  )
  return (
    <>
      {figure(t('ofMessages', { n: messages }), {})}
      <div>
        {figure(t('ofTroubled', { n: troubled }), { state: 'troubled' })}
        {' · '}
        {figure(t('ofWaiting', { n: waiting }), { state: 'queued' })}
      </div>
      {isWhole ? null : <div className="wisp-quiet">{t('amongNewest')}</div>}
    </>
  )
}

function Cost({ today: ofDay, month, budget }: NonNullable<Channel['cost']>): ReactNode {
  const t = useText('messages')
  return (
    <>
      <div>{t('costs', { day: formatYuan(ofDay), month: formatYuan(month) })}</div>
      <div className="wisp-quiet">{t('ofBudget', { budget: formatYuan(budget) })}</div>
    </>
  )
}

function LastFailure({ channel: { name, lastFailure } }: { channel: Channel }): ReactNode {
  const t = useText('messages')
  if (!lastFailure) return <span className="wisp-quiet">{t('noFailure')}</span>
  const { at, msgId, reason } = lastFailure
  return (
    <>
      <PageLink to="/console/messages" search={{ channel: name, state: 'troubled', open: msgId }}>
        {formatAgo(at)}
      </PageLink>
      <div className="wisp-quiet wisp-missing">{reason}</div>
    </>
  )
}
