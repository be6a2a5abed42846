import { PlusOutlined } from '@ant-design/icons'
import { Button, Space } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink, PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { storedFile } from '../../media/media-field.tsx'
import { type Account, AccountPage } from '../use-account.tsx'
import './drafts.css'
import { Actor } from '../../../ui/objects/actor.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'

const DraftEditor = later(async () => (await import('./draft-form.tsx')).DraftEditor)

export function Page(): ReactNode {
  const t = useText('official-drafts')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="publish" actions={() => <NewButton />}>
      {account => <Drafts account={account} />}
    </AccountPage>
  )
}

function NewButton(): ReactNode {
  const t = useText('official-drafts')
  const { open } = useOpen()
  return (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open('new')}>
      {t('new')}
    </Button>
  )
}

function Drafts({ account }: { account: Account }): ReactNode {
  const t = useText('official-drafts')
  const [values] = useUrlState()
  const { originalId } = account
  return (
    <>
      <Parts
        parts={[
          {
            key: 'drafts',
            title: t('drafts'),
            children: (
              <ListTable
                label={t('drafts')}
                path="/web/official/drafts"
                fixed={{ originalId }}
                columns={useDraftColumns(account)}
                rowKey={draft => draft.mediaId}
                empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
              />
            ),
          },
          {
            key: 'publications',
            title: t('publications'),
            children: (
              <ListTable
                label={t('publications')}
                path="/web/official/publications"
                fixed={{ originalId }}
                every={5000}
                columns={usePublicationColumns()}
                rowKey={one => one.publishId}
                empty={<EmptyState title={t('nonePublished')} />}
              />
            ),
          },
        ]}
      />
      <UrlDrawer title={t(values['open'] === 'new' ? 'new' : 'edit')} width="wide">
        {id => <DraftEditor account={account} id={id} />}
      </UrlDrawer>
    </>
  )
}

function useDraftColumns(account: Account): Column<Row<'/web/official/drafts'>>[] {
  const t = useText('official-drafts')
  return [
    {
      key: 'titles',
      title: t('articles'),
      render: draft => (
        <>
          {draft.coverHash ? (
            <img className="oa-draft-cover" src={storedFile(draft.coverHash)} alt="" />
          ) : null}
          <OpenLink id={draft.mediaId}>{draft.titles.join(' · ')}</OpenLink>
        </>
      ),
    },
    { key: 'updatedAt', title: t('updatedAt'), render: draft => <Time at={draft.updatedAt} /> },
    {
      key: 'acts',
      title: t('acts'),
      render: draft => <DraftActs account={account} mediaId={draft.mediaId} />,
    },
  ]
}

function DraftActs({ account, mediaId }: { account: Account; mediaId: string }): ReactNode {
  const t = useText('official-drafts')
  const { originalId } = account
  const refresh = ['/web/official/draft', '/web/official/publications']
  const publish = useAct('/web/official/draft/publish', {
    refresh,
    done: t('publishing'),
    confirm: () => ({ title: t('publishAsk'), content: t('publishWhat'), okText: t('publish') }),
  })
  const remove = useAct('/web/official/draft/remove', {
    refresh,
    done: t('removeDone'),
    confirm: () => ({ title: t('removeAsk'), content: t('removeWhat'), okText: t('remove'), danger: true }),
  })
  return (
    <Space wrap>
      <PageLink to="/console/official/mass" search={{ account: originalId, compose: mediaId }}>
        {t('mass')}
      </PageLink>
      <Button size="small" onClick={() => void publish.run({ originalId, mediaId })}>
        {t('publish')}
      </Button>
      <Button size="small" danger onClick={() => void remove.run({ originalId, mediaId })}>
        {t('remove')}
      </Button>
    </Space>
  )
}

const kindOf = (status: number): StateKind => (status === 0 ? 'good' : status === 1 ? 'busy' : 'bad')

function usePublicationColumns(): Column<Row<'/web/official/publications'>>[] {
  const t = useText('official-drafts')
  return [
    { key: 'title', title: t('articles'), render: one => one.title || one.publishId },
    {
      key: 'status',
      title: t('state'),
      render: one => <State kind={kindOf(one.status)}>{one.told}</State>,
    },
    {
      key: 'urls',
      title: t('links'),
      render: one => (
        <Space wrap>
          {one.urls.map((url, n) => (
            <a key={url} href={url} target="_blank" rel="noreferrer">
              {one.urls.length > 1 ? `${t('open')} ${n + 1}` : t('open')}
            </a>
          ))}
        </Space>
      ),
    },
    {
      key: 'actor',
      title: t('actor'),
      wideOnly: true,
      render: one => (one.actor ? <Actor id={one.actor} /> : t('atWechat')),
    },
    { key: 'createdAt', title: t('createdAt'), render: one => <Time at={one.createdAt} /> },
  ]
}
