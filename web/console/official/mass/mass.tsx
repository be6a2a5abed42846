import { EditOutlined } from '@ant-design/icons'
import { Button, Switch } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { level } from '../../../ui/data/level.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'
import { type Account, AccountPage } from '../use-account.tsx'
import type { MassView } from './form.ts'
import { MassStateView, toWords } from './words.tsx'
import './mass.css'
import { later } from '../../../ui/fields/later.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'

const MassCompose = later(async () => (await import('./compose.tsx')).MassCompose)
const MassDetail = later(async () => (await import('./detail.tsx')).MassDetail)

export function Page(): ReactNode {
  const t = useText('official-mass')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="mass" actions={() => <ComposeButton />}>
      {account => <Masses account={account} />}
    </AccountPage>
  )
}

function ComposeButton(): ReactNode {
  const t = useText('official-mass')
  const compose = useOpen('compose')
  return (
    <Button type="primary" icon={<EditOutlined aria-hidden />} onClick={() => compose.open('new')}>
      {t('compose')}
    </Button>
  )
}

const everyMs = 5000

function Masses({ account }: { account: Account }): ReactNode {
  const t = useText('official-mass')
  const detail = useOpen()
  const [, set] = useUrlState()
  const { person } = useSession()
  const { originalId } = account
  return (
    <>
      {person.roleLevel === level.graded ? null : <ApprovalSwitch originalId={originalId} />}
      <ListTable
        label={t('title')}
        path="/web/official/masses"
        fixed={{ originalId }}
        every={everyMs}
        columns={useColumns()}
        rowKey={mass => mass.id}
        onOpen={mass => detail.open(mass.id)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
      />
      <UrlDrawer title={t('compose')} width="wide" name="compose">
        {draft => (
          <MassCompose
            account={account}
            {...(draft === 'new' ? {} : { draft })}
            onSent={id => set({ compose: undefined, open: id })}
          />
        )}
      </UrlDrawer>
      <UrlDrawer title={t('one')}>{id => <MassDetail account={account} id={id} />}</UrlDrawer>
    </>
  )
}

function ApprovalSwitch({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-mass')
  const read = useRead('/web/official/mass/choices', { originalId })
  const set = useAct('/web/official/mass/approval', {
    refresh: ['/web/official/mass'],
    done: t('approvalSaved'),
  })
  if (!read.data) return null
  return (
    <p>
      <span className="oa-mass-switch">
        <Switch
          aria-labelledby="mass-approval"
          checked={read.data.needsApproval}
          loading={set.isRunning}
          onChange={isOn => void set.run({ originalId, isNeeded: isOn ? '1' : '0' })}
        />
        <span id="mass-approval">{t('needsApproval')}</span>
      </span>
    </p>
  )
}

function useColumns(): Column<MassView>[] {
  const t = useText('official-mass')
  return [
    {
      key: 'what',
      title: t('what'),
      render: mass => <OpenLink id={mass.id}>{summaryOf(t, mass)}</OpenLink>,
    },
    { key: 'to', title: t('to'), render: mass => toWords(t, mass) },
    { key: 'state', title: t('state'), render: mass => <MassStateView state={mass.state} /> },
    {
      key: 'result',
      title: t('result'),
      render: mass =>
        mass.counts
          ? t('sentOf', { sent: mass.counts.sent, total: mass.counts.total })
          : [...new Set(mass.parts.map(part => part.told).filter(Boolean))].join('；') || '—',
    },
    { key: 'dueAt', title: t('dueAt'), render: mass => <Time at={mass.dueAt} /> },
    { key: 'actor', title: t('actor'), wideOnly: true, render: mass => <Actor id={mass.actor} /> },
  ]
}

const summaryAtMost = 30

function summaryOf(t: ReturnType<typeof useText<'official-mass'>>, mass: MassView): string {
  const words = mass.type === 'text' ? mass.text : mass.titles.join(' · ')
  const chars = [...words.replace(/\s+/g, ' ')]
  const short = chars.length > summaryAtMost ? `${chars.slice(0, summaryAtMost).join('')}…` : chars.join('')
  return short || t('files', { type: t(mass.type), n: mass.hashes.length })
}
