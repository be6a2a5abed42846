import { Button, Descriptions, Table } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { type StateKind, State as StateMark } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import type { Place, State } from './state.ts'

type JointAct = State['acts'][number]

const kinds: Record<JointAct['state'], StateKind> = {
  open: 'warn',
  done: 'good',
  refused: 'idle',
  expired: 'idle',
}

/** What was proposed, and whose agreement it waits for. */
export function JointActs({ state, place }: { state: State; place: Place }): ReactNode {
  const t = useText('three')
  const refresh = ['/web/three', '/web/installation/three', '/web/roles', '/web/directory', '/web/session']
  const agree = useAct(place.isInstallation ? '/web/installation/three/agree' : '/web/three/agree', {
    done: ({ isDone }) => t(isDone ? 'done' : 'agreed'),
    refresh,
  })
  const refuse = useAct(place.isInstallation ? '/web/installation/three/refuse' : '/web/three/refuse', {
    done: t('refused'),
    refresh,
  })
  if (state.acts.length === 0) return <p className="wisp-quiet">{t('noActs')}</p>
  return (
    <Table<JointAct>
      size="small"
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      rowKey="id"
      dataSource={state.acts}
      aria-label={t('acts')}
      expandable={{
        rowExpandable: ({ facts }) => facts.length > 0,
        expandedRowRender: ({ facts }) => (
          <Descriptions
            size="small"
            column={1}
            items={facts.map(({ name, value }) => ({ key: name, label: name, children: value }))}
          />
        ),
      }}
      columns={[
        { title: t('act'), dataIndex: 'title' },
        { title: t('about'), dataIndex: 'about' },
        {
          title: t('state'),
          render: (_, { state }) => <StateMark kind={kinds[state]}>{t(state)}</StateMark>,
        },
        {
          title: t('agreedBy'),
          render: (_, { agreed }) => agreed.map(({ role, actor }) => `${t(role)} ${actor}`).join('、'),
        },
        { title: t('waitsFor'), render: (_, { waitsFor }) => waitsFor.map(role => t(role)).join(' / ') },
        { title: t('until'), render: (_, { expiresAt }) => <Time at={expiresAt} /> },
        {
          title: '',
          render: (_, { id, state: of, waitsFor, agreed }) => {
            if (of !== 'open' || !state.you) return null
            const canAgree = waitsFor.includes(state.you)
            if (!canAgree && !agreed.some(one => one.role === state.you)) return null
            return (
              <>
                {canAgree ? (
                  <Button size="small" type="primary" onClick={() => void agree.run({ id })}>
                    {t('agree')}
                  </Button>
                ) : null}{' '}
                <Button size="small" onClick={() => void refuse.run({ id })}>
                  {t('refuse')}
                </Button>
              </>
            )
          },
        },
      ]}
    />
  )
}
