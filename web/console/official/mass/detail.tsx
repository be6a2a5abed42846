import { Alert, Button, Descriptions, Table } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatNumber, formatTime } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import type { Account } from '../use-account.tsx'
import type { MassView } from './form.ts'
import { MassPhone } from './phone.tsx'
import { MassStateView, toWords } from './words.tsx'

const openStates: MassView['state'][] = ['approval', 'waiting', 'going']
const everyMs = 3000

/** One mass message: what it is, how far it is, and what can be done with it. */
export function MassDetail(props: { account: Account; id: string }): ReactNode {
  const t = useText('official-mass')
  const { account, id } = props
  const read = useRead(
    '/web/official/mass',
    { originalId: account.originalId, id },
    { every: mass => (mass && openStates.includes(mass.state) ? everyMs : false) },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const mass = read.data
  return (
    <div className="oa-mass-side">
      {mass.confirmUntil ? (
        <Alert type="info" showIcon title={t('confirmWait', { at: formatTime(mass.confirmUntil) })} />
      ) : null}
      {mass.state === 'approval' && mass.isOwn ? (
        <Alert type="info" showIcon title={t('approvalByOther')} />
      ) : null}
      <Facts mass={mass} />
      <MassPhone
        account={account.name}
        type={mass.type}
        text={mass.text}
        hashes={mass.hashes}
        titles={mass.titles}
      />
      {mass.parts.length > 0 ? <Parts mass={mass} /> : null}
      <Acts account={account} mass={mass} />
    </div>
  )
}

function Facts({ mass }: { mass: MassView }): ReactNode {
  const t = useText('official-mass')
  const { counts } = mass
  const facts: [string, ReactNode][] = [
    [t('state'), <MassStateView key="state" state={mass.state} />],
    [t('to'), toWords(t, mass)],
    [t('dueAt'), <Time key="due" at={mass.dueAt} />],
    [t('actor'), <Actor key="actor" id={mass.actor} />],
    ['id', <CopyId key="id" value={mass.id} />],
  ]
  if (mass.decidedBy && mass.decidedAt)
    facts.push([
      t(mass.state === 'rejected' ? 'rejectedBy' : 'approvedBy'),
      <Actor
        key="decided"
        id={mass.decidedBy}
        words={name => `${name} · ${formatTime(mass.decidedAt ?? '')}`}
      />,
    ])
  if (counts) facts.push([t('counts'), t('countsLine', counts)])
  if (mass.urls.length > 0)
    facts.push([
      t('urls'),
      mass.urls.map(url => (
        <div key={url}>
          <a href={url} target="_blank" rel="noreferrer">
            {url}
          </a>
        </div>
      )),
    ])
  const items = facts.map(([label, children], key) => ({ key, label, children }))
  return <Descriptions size="small" column={1} items={items} />
}

function Parts({ mass }: { mass: MassView }): ReactNode {
  const t = useText('official-mass')
  return (
    <Table
      size="small"
      aria-label={t('parts')}
      rowKey={part => part.n}
      dataSource={[...mass.parts]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        { key: 'n', title: t('call'), render: (_, part) => part.n },
        {
          key: 'receivers',
          title: t('receivers'),
          render: (_, part) => (part.receivers === null ? toWords(t, mass) : formatNumber(part.receivers)),
        },
        { key: 'state', title: t('state'), render: (_, part) => t(`part_${part.state}`) },
        {
          key: 'told',
          title: t('result'),
          className: 'wisp-reason',
          render: (_, part) => (
            <>
              {part.told || '—'}
              {part.rid ? <div className="wisp-quiet">rid {part.rid}</div> : null}
            </>
          ),
        },
        {
          key: 'msgId',
          title: 'msg_id',
          render: (_, part) => (part.msgId ? <CopyId value={part.msgId} /> : '—'),
        },
      ]}
    />
  )
}

function Acts({ account, mass }: { account: Account; mass: MassView }): ReactNode {
  const t = useText('official-mass')
  const given = { originalId: account.originalId, id: mass.id }
  const refresh = ['/web/official/mass']
  const decide = useAct('/web/official/mass/decide', {
    refresh,
    confirm: ({ decision }) => ({
      title: t(decision === 'approve' ? 'approveAsk' : 'rejectAsk', { n: mass.receivers }),
      okText: t(decision),
      danger: decision === 'reject',
    }),
  })
  const stop = useAct('/web/official/mass/stop', {
    refresh,
    done: t('stopDone'),
    confirm: () => ({ title: t('stopAsk'), content: t('stopWhat'), okText: t('stop'), danger: true }),
  })
  const remove = useAct('/web/official/mass/delete', {
    refresh,
    done: t('deleteDone'),
    confirm: () => ({ title: t('deleteAsk'), content: t('deleteWhat'), okText: t('delete'), danger: true }),
  })
  // What was tried once may have arrived, and goes on until that is known.
  const isUntried = mass.parts.some(part => part.state === 'waiting' && part.attempts === 0)
  const mayStop = openStates.includes(mass.state) && isUntried
  const mayDelete = mass.type === 'news' && (mass.state === 'done' || mass.state === 'partly')
  return (
    <DrawerActions>
      {mass.state === 'approval' && !mass.isOwn ? (
        <>
          <Button type="primary" onClick={() => void decide.run({ ...given, decision: 'approve' })}>
            {t('approve')}
          </Button>
          <Button danger onClick={() => void decide.run({ ...given, decision: 'reject' })}>
            {t('reject')}
          </Button>
        </>
      ) : null}
      {mayStop ? (
        <Button danger loading={stop.isRunning} onClick={() => void stop.run(given)}>
          {t('stop')}
        </Button>
      ) : null}
      {mayDelete ? (
        <Button danger loading={remove.isRunning} onClick={() => void remove.run(given)}>
          {t('delete')}
        </Button>
      ) : null}
    </DrawerActions>
  )
}
