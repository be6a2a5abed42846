import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { Person } from '../columns.tsx'
import { Leavers } from './leavers.tsx'
import '../todos.css'
import { later } from '../../../ui/fields/later.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'

const DelegationForm = later(async () => (await import('./delegation-form.tsx')).DelegationForm)
const PassOn = later(async () => (await import('./pass-on.tsx')).PassOn)

const path = '/web/console/todos/delegations'
const newDelegation = 'new'

/** Who does what others have to do, for a time; and what people had who left. */
export function Page(): ReactNode {
  const t = useText('todo-console')
  const { open, close } = useOpen()
  const leaver = useOpen('leaver')
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open(newDelegation)}>
      {t('delegate')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('delegations')} hint={t('delegationsHint')} actions={add} />
      <Leavers onOpen={leaver.open} />
      <Filters>
        <UrlSelect name="past" label={t('onlyCurrent')} options={[{ value: '1', label: t('withPast') }]} />
      </Filters>
      <ListTable
        label={t('delegations')}
        path={path}
        filters={['past']}
        columns={useColumns()}
        rowKey={one => one.id}
        empty={<EmptyState title={t('noDelegations')} hint={t('noDelegationsHint')} action={add} />}
      />
      <UrlDrawer title={t('delegate')}>{() => <DelegationForm onDone={close} />}</UrlDrawer>
      <UrlDrawer title={t('passOnTitle')} name="leaver">
        {id => <PassOn key={id} id={Number(id)} onDone={leaver.close} />}
      </UrlDrawer>
    </>
  )
}

const kinds = { current: 'good', planned: 'busy', past: 'idle' } as const

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('todo-console')
  return [
    { key: 'from', title: t('from'), render: one => <Person person={one.from} /> },
    { key: 'to', title: t('to'), render: one => <Person person={one.to} /> },
    {
      key: 'state',
      title: t('state'),
      render: one => <State kind={kinds[one.state]}>{t(one.isEndedEarly ? 'endedEarly' : one.state)}</State>,
    },
    { key: 'startsAt', title: t('startsAt'), render: one => <Time at={one.startsAt} /> },
    { key: 'endsAt', title: t('endsAt'), render: one => <Time at={one.endsAt} /> },
    { key: 'createdBy', title: t('createdBy'), wideOnly: true, render: one => <Actor id={one.createdBy} /> },
    {
      key: 'act',
      title: t('acts'),
      render: one => (one.state === 'past' ? null : <End delegation={one} />),
    },
  ]
}

function End({ delegation: { id, from, to } }: { delegation: Row<typeof path> }): ReactNode {
  const t = useText('todo-console')
  const act = useAct('/web/console/todos/delegations/end', {
    done: ({ moved }) => t('delegationEnded', { n: moved }),
    refresh: ['/web/console/todos'],
    confirm: () => ({
      title: t('endAsk', { from: from.name, to: to.name }),
      content: t('endWhat', { from: from.name }),
      okText: t('end'),
    }),
  })
  return (
    <Button size="small" loading={act.isRunning} onClick={() => void act.run({ id })}>
      {t('end')}
    </Button>
  )
}
