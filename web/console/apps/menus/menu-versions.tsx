import { Alert, Button, Segmented, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import type { MenuChange } from '../../../../server/features/apps/menus/menu-difference.ts'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import { MenuPreview } from './menu-preview.tsx'

export function MenuVersions({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const t = useText('menus')
  const { id, open, close } = useOpen()
  return (
    <>
      <ListTable
        label={t('versions')}
        path="/web/apps/menu/versions"
        fixed={{ id: menu.id }}
        columns={useColumns()}
        rowKey={version => version.n}
        onOpen={version => open(version.n)}
        empty={<EmptyState title={t('versionsEmpty')} />}
      />
      <UrlDrawer title={t('versionTitle', { n: id })}>
        {n => <Version key={n} menu={menu} n={Number(n)} onDone={close} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/apps/menu/versions'>>[] {
  const t = useText('menus')
  const sources = { sync: t('sourceSync'), edit: t('sourceEdit'), rollback: t('sourceRollback') }
  return [
    {
      key: 'n',
      title: t('version'),
      render: version => (
        <span style={{ display: 'inline-flex', gap: 8 }}>
          <OpenLink id={version.n}>{version.n}</OpenLink>
          {version.isCurrent ? <Tag color="blue">{t('current')}</Tag> : null}
        </span>
      ),
    },
    { key: 'source', title: t('source'), render: version => sources[version.source] },
    { key: 'items', title: t('items'), align: 'right', render: version => formatNumber(version.items) },
    { key: 'actor', title: t('who'), render: version => <Actor id={version.actor} /> },
    { key: 'createdAt', title: t('time'), render: version => <Time at={version.createdAt} /> },
  ]
}

function RollBack(props: { menu: Answer<'/web/apps/menu'>; n: number; onDone(): void }): ReactNode {
  const t = useText('menus')
  const { menu, n } = props
  const act = useAct('/web/apps/menu/rollback', {
    refresh: ['/web/apps/'],
    done: stored => t('rollbackDone', { n: stored.n }),
    confirm: () => ({
      title: t('rollbackAsk', { n }),
      content: (
        <>
          <p>{t('rollbackWhat', { n })}</p>
          {menu.syncMenu ? <p>{t('rollbackSynced')}</p> : null}
        </>
      ),
      okText: t('rollback'),
    }),
  })
  const press = async () => {
    if (await act.run({ id: menu.id, n })) props.onDone()
  }
  return (
    <Button type="primary" loading={act.isRunning} onClick={() => void press()}>
      {t('rollback')}
    </Button>
  )
}

type ComparedVersion = 'current' | 'previous'

/** Shows what restoring this version would change or, for the current one, what it changed. */
function Version(props: { menu: Answer<'/web/apps/menu'>; n: number; onDone(): void }): ReactNode {
  const t = useText('menus')
  const { menu, n } = props
  const isCurrent = n === menu.n
  const [against, setAgainst] = useState<ComparedVersion>(isCurrent ? 'previous' : 'current')
  const from = against === 'current' ? (menu.n ?? n) : Math.max(1, n - 1)
  const read = useRead('/web/apps/menu/difference', { id: menu.id, from, to: n })
  const choices = [
    ...(isCurrent ? [] : [{ value: 'current' as const, label: t('compareCurrent') }]),
    ...(n > 1 ? [{ value: 'previous' as const, label: t('comparePrevious') }] : []),
  ]
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {choices.length > 0 ? (
        <Segmented<ComparedVersion> options={choices} value={against} onChange={setAgainst} />
      ) : null}
      {read.error ? <ErrorState error={read.error} /> : null}
      {read.isLoading ? <Loading /> : null}
      {read.data ? (
        <>
          {from === n ? null : <Changes changes={read.data.changes} />}
          <MenuPreview menu={read.data.menu} app={menu} />
        </>
      ) : null}
      {isCurrent ? null : (
        <DrawerActions>
          <RollBack {...props} />
        </DrawerActions>
      )}
    </div>
  )
}

function Changes({ changes }: { changes: MenuChange[] }): ReactNode {
  const t = useText('menus')
  if (changes.length === 0) return <Alert type="info" showIcon title={t('noChanges')} />
  const colours = { added: 'green', removed: 'red', changed: 'gold', moved: 'blue' } as const
  return (
    <ul className="menus-changes">
      {changes.map(change => (
        <li key={`${change.kind} ${change.at.join('/')} ${'path' in change ? change.path : ''}`}>
          <Tag color={colours[change.kind]}>{t(change.kind)}</Tag>
          <span>
            <strong>{change.at.join(' / ')}</strong>
            <ChangeDetail change={change} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function ChangeDetail({ change }: { change: MenuChange }): ReactNode {
  const t = useText('menus')
  if (change.kind === 'moved') {
    const [above, aboveBefore] = [change.at, change.from].map(at => at.slice(0, -1).join(' / '))
    const text = above === aboveBefore ? t('reordered') : t('fromPlace', { at: change.from.join(' / ') })
    return <div className="wisp-quiet">{text}</div>
  }
  if (change.kind !== 'changed') return <div className="wisp-quiet">{change.path}</div>
  const { before, after } = change
  const shown = (one: { name: string; path: string }) =>
    before.name === after.name ? one.path : before.path === after.path ? one.name : `${one.name} ${one.path}`
  return (
    <div className="wisp-quiet">
      <del>{shown(before)}</del> → <ins>{shown(after)}</ins>
    </div>
  )
}
