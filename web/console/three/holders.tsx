import { Button, Table } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { State as StateMark } from '../../ui/values/state.tsx'
import type { Place, State } from './state.ts'

type Holder = State['holders'][number]

/** Who the three are; the other two propose to dismiss one, or to reset a second factor. */
export function Holders({ state, place }: { state: State; place: Place }): ReactNode {
  const t = useText('three')
  const propose = useAct(place.isInstallation ? '/web/installation/three/propose' : '/web/three/propose', {
    done: t('proposed'),
    refresh: ['/web/three', '/web/installation/three'],
    confirm: ({ kind }) => ({ title: t(kind === 'three.dismiss' ? 'askDismiss' : 'askFactor') }),
  })
  const run = (kind: string, { role, userId }: Holder) => void propose.run({ kind, given: { role, userId } })
  return (
    <Table<Holder>
      size="small"
      pagination={false}
      scroll={{ x: 'max-content' }}
      rowKey={one => `${one.role} ${one.userId}`}
      dataSource={state.holders}
      aria-label={t('title')}
      columns={[
        { title: t('role'), render: (_, { role }) => t(role) },
        { title: t('who'), render: (_, one) => `${one.name || t('account')} ${one.userId}` },
        {
          title: t('state'),
          render: (_, one) => (
            <StateMark kind={one.isThere ? 'good' : 'bad'}>{t(one.isThere ? 'there' : 'gone')}</StateMark>
          ),
        },
        {
          title: '',
          render: (_, one) =>
            state.you && state.you !== one.role ? (
              <>
                <Button size="small" onClick={() => run('three.factor', one)}>
                  {t('factor')}
                </Button>{' '}
                {one.name === '' ? null : (
                  <Button size="small" onClick={() => run('three.dismiss', one)}>
                    {t('dismiss')}
                  </Button>
                )}
              </>
            ) : null,
        },
      ]}
    />
  )
}
