import { Button as Press, Tag } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer, Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { Time } from '../../ui/values/time.tsx'
import { differencesOf, type Menu } from './draft.ts'
import { refreshMenus, useMenuOwner, useMenuText } from './owner.tsx'
import { Phone } from './phone.tsx'

type StoredMenu = Pick<Answer<'/web/official/menu'>, 'n' | 'publishedN'> & { menu: Menu }
type Version = Row<'/web/official/menu/versions'>

/** Every menu that was saved, with what differs from the one that is edited. */
export function MenuVersions({ stored }: { stored: StoredMenu }): ReactNode {
  const t = useMenuText()
  const { calls, input } = useMenuOwner()
  const { id, open, close } = useOpen()
  return (
    <>
      <ListTable
        label={t('versions')}
        path={calls.versions}
        fixed={input}
        columns={useColumns(stored)}
        rowKey={version => version.n}
        onOpen={version => open(version.n)}
        empty={<EmptyState title={t('noVersions')} />}
      />
      <UrlDrawer title={t('versionTitle', { n: id })}>
        {n => (
          <>
            <VersionView n={Number(n)} edited={stored.menu} />
            {Number(n) === stored.n ? null : (
              <DrawerActions>
                <RollBack n={Number(n)} onDone={close} />
              </DrawerActions>
            )}
          </>
        )}
      </UrlDrawer>
    </>
  )
}

function useColumns({ publishedN }: StoredMenu): Column<Version>[] {
  const t = useMenuText()
  const sources = { edit: t('sourceEdit'), pull: t('sourcePull'), rollback: t('sourceRollback') }
  return [
    {
      key: 'n',
      title: t('n'),
      render: ({ n }) => (
        <span style={{ display: 'inline-flex', gap: 8 }}>
          <OpenLink id={n}>{n}</OpenLink>
          {n === publishedN ? <Tag color="blue">{t('current')}</Tag> : null}
        </span>
      ),
    },
    { key: 'source', title: t('source'), render: version => sources[version.source] },
    { key: 'actor', title: t('by'), render: version => <Actor id={version.actor} /> },
    { key: 'createdAt', title: t('at'), render: version => <Time at={version.createdAt} /> },
    {
      key: 'publishedAt',
      title: t('publishedAt'),
      wideOnly: true,
      render: ({ publishedAt }) => (publishedAt ? <Time at={publishedAt} /> : '—'),
    },
  ]
}

function RollBack(props: { n: number; onDone(): void }): ReactNode {
  const t = useMenuText()
  const { n } = props
  const { calls, input } = useMenuOwner()
  const act = useAct(calls.rollBack, {
    refresh: refreshMenus,
    done: stored => t('rolledBack', { n: stored.n }),
  })
  const press = async () => {
    if (await act.run({ ...input, n })) props.onDone()
  }
  return (
    <Press loading={act.isRunning} onClick={() => void press()}>
      {t('rollBack')}
    </Press>
  )
}

function VersionView(props: { n: number; edited: Menu }): ReactNode {
  const t = useMenuText()
  const { calls, input, name, groupsOf } = useMenuOwner()
  const read = useRead(calls.versions, input)
  const version = read.data?.list.find(one => one.n === props.n)
  if (!version) return null
  const differences = differencesOf(groupsOf(version.menu), groupsOf(props.edited))
  return (
    <>
      <Phone name={name} buttons={version.menu.buttons} />
      <h3>{t('differences')}</h3>
      {differences.length === 0 ? <p className="wisp-quiet">{t('same')}</p> : null}
      <ul>
        {differences.map(({ path, kind, here, there }) => (
          <li key={path}>
            <Tag>{t(kind)}</Tag> {path}
            <div className="wisp-quiet">{kind === 'changed' ? `${here} ← ${there}` : here || there}</div>
          </li>
        ))}
      </ul>
    </>
  )
}
