import { Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration, formatNumber } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { SyncOutcomeView } from './sync-outcome.tsx'

/** The last syncs of an app, successful or not, with the app's answers. */
export function MenuAttempts({ id }: { id: string }): ReactNode {
  const t = useText('menus')
  const [shown, setShown] = useState<Row<'/web/apps/menu/attempts'>>()
  return (
    <>
      <ListTable
        label={t('attempts')}
        path="/web/apps/menu/attempts"
        fixed={{ id }}
        columns={useColumns(setShown)}
        rowKey={attempt => attempt.at}
        onOpen={setShown}
        empty={<EmptyState title={t('attemptsEmpty')} />}
      />
      <Modal
        open={shown !== undefined}
        title={t('attempts')}
        footer={null}
        width={640}
        destroyOnHidden
        onCancel={() => setShown(undefined)}
      >
        {shown ? <SyncOutcomeView outcome={shown} /> : null}
      </Modal>
    </>
  )
}

function useColumns(
  show: (attempt: Row<'/web/apps/menu/attempts'>) => void,
): Column<Row<'/web/apps/menu/attempts'>>[] {
  const t = useText('menus')
  const words = { new: t('outcomeNew'), same: t('outcomeSame'), failed: t('outcomeFailed') }
  const kinds = { new: 'good', same: 'idle', failed: 'bad' } as const
  return [
    {
      key: 'at',
      title: t('time'),
      render: attempt => (
        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => show(attempt)}>
          <Time at={attempt.at} />
        </Button>
      ),
    },
    {
      key: 'outcome',
      title: t('outcome'),
      render: attempt => <State kind={kinds[attempt.outcome]}>{words[attempt.outcome]}</State>,
    },
    {
      key: 'error',
      title: t('error'),
      render: attempt => <div className="menus-error">{attempt.error || '—'}</div>,
    },
    { key: 'items', title: t('items'), align: 'right', render: attempt => formatNumber(attempt.items) },
    { key: 'ms', title: t('took'), align: 'right', render: attempt => formatDuration(attempt.ms) },
    { key: 'actor', title: t('who'), render: attempt => <Actor id={attempt.actor} /> },
  ]
}
