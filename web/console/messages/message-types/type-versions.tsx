import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

type Version = Answer<'/web/message-types/one'>['versions'][number]
const kinds = { inForce: 'good', waiting: 'warn', past: 'idle' } as const

/** Who wrote which version, and who approved it. */
export function TypeVersions({ versions }: { versions: readonly Version[] }): ReactNode {
  const t = useText('message-types')
  return (
    <Table<Version>
      aria-label={t('versions')}
      size="small"
      rowKey="version"
      dataSource={versions}
      pagination={versions.length > 20 ? { pageSize: 20 } : false}
      scroll={{ x: 'max-content' }}
      columns={[
        { key: 'version', title: t('version'), render: (_, one) => one.version },
        {
          key: 'state',
          title: t('state'),
          render: (_, one) => <State kind={kinds[one.state]}>{t(one.state)}</State>,
        },
        { key: 'level', title: t('level'), render: (_, one) => t(`level_${one.definition.level}`) },
        {
          key: 'madeBy',
          title: t('madeBy'),
          render: (_, one) => <Actor id={one.madeBy} name={one.madeBy} />,
        },
        { key: 'madeAt', title: t('madeAt'), render: (_, one) => <Time at={one.madeAt} /> },
        {
          key: 'approvedBy',
          title: t('approvedBy'),
          render: (_, one) => <Actor id={one.approvedBy} name={one.approvedBy} />,
        },
      ]}
    />
  )
}
