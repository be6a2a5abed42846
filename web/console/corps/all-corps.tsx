import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { useSession } from '../../ui/data/session.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'

const regimeKeys = { unknown: 'regimeUnknown', full: 'regimeFull', restricted: 'regimeRestricted' } as const

/** The corps that this installation serves. */
export function AllCorps(props: { current: string }): ReactNode {
  const t = useText('corps')
  const { chooseCorp } = useSession()
  const [, set] = useUrlState()
  // One who wants to see another corp has not come for this list again.
  const view = (corpId: string) => {
    chooseCorp(corpId)
    set({ tab: undefined })
  }
  const columns: Column<Row<'/web/corps/list'>>[] = [
    { key: 'name', title: t('name'), render: corp => corp.name },
    { key: 'corpId', title: t('corpId'), render: corp => <CopyId value={corp.corpId} /> },
    { key: 'regime', title: t('regime'), render: corp => t(regimeKeys[corp.regime]) },
    { key: 'members', title: t('members'), align: 'right', render: corp => formatNumber(corp.members) },
    {
      key: 'departments',
      title: t('departments'),
      align: 'right',
      wideOnly: true,
      render: corp => formatNumber(corp.departments),
    },
    { key: 'agents', title: t('agents'), align: 'right', wideOnly: true, render: corp => corp.agents },
    { key: 'health', title: t('health'), render: corp => <Health failing={corp.failing} /> },
    {
      key: 'act',
      title: t('view'),
      render: corp =>
        corp.corpId === props.current ? (
          <span className="wisp-quiet">{t('current')}</span>
        ) : (
          <Button size="small" onClick={() => view(corp.corpId)}>
            {t('view')}
          </Button>
        ),
    },
  ]
  return (
    <ListTable label={t('tabAll')} path="/web/corps/list" columns={columns} rowKey={corp => corp.corpId} />
  )
}

function Health(props: { failing: string[] | null }): ReactNode {
  const t = useText('corps')
  const { failing } = props
  if (failing === null) return <State kind="idle">{t('healthNever')}</State>
  if (failing.length === 0) return <State kind="good">{t('healthGood')}</State>
  return (
    <span title={failing.join('、')}>
      <State kind="bad">{t('healthBad', { n: failing.length })}</State>
    </span>
  )
}
