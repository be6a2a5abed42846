import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { laterDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { newSource, runKinds, type Source, sourcesPath } from './source.ts'

const SourceDrawer = laterDrawer(async () => (await import('./source-drawer.tsx')).SourceDrawer)

/** Where people come from who are written into WeCom. */
export function Page(): ReactNode {
  const t = useText('sources')
  const { open } = useOpen()
  const add = (
    <Button type="primary" onClick={() => open(newSource)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      <ListTable
        path={sourcesPath}
        label={t('title')}
        rowKey={row => String(row.id)}
        columns={useColumns()}
        onOpen={row => open(String(row.id))}
        every={10_000}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} action={add} />}
      />
      <SourceDrawer />
    </>
  )
}

function useColumns(): Column<Source>[] {
  const t = useText('sources')
  return [
    { key: 'name', title: t('name'), render: row => <OpenLink id={String(row.id)}>{row.name}</OpenLink> },
    { key: 'kind', title: t('kind'), render: row => t(`kind_${row.kind}`) },
    {
      key: 'last',
      title: t('last'),
      render: row => (
        <>
          {row.lastRun ? (
            <State kind={runKinds[row.lastRun.state]}>{t(`state_${row.lastRun.state}`)}</State>
          ) : (
            t('never')
          )}
          {row.failure ? <div className="wisp-quiet">{row.failure}</div> : null}
        </>
      ),
    },
    { key: 'next', title: t('next'), wideOnly: true, render: row => <Time at={row.nextAt} /> },
  ]
}
