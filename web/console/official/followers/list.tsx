import { Button, Select, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../../ui/list-table.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { Account } from '../use-account.tsx'
import { useSceneName } from './scene.ts'

type Follower = Row<'/web/official/followers'>

export const filters = ['text', 'tagId', 'scene', 'qrScene', 'subscribed', 'linked', 'blocked'] as const

export function FollowerList({ account }: { account: Account }): ReactNode {
  const t = useText('official-followers')
  const { open } = useOpen()
  const { originalId } = account
  const [chosen, setChosen] = useState<string[]>([])
  const isNarrow = useNarrow()
  return (
    <>
      <FollowerFilters originalId={originalId} />
      {isNarrow || chosen.length === 0 ? null : (
        <Bulk originalId={originalId} chosen={chosen} onDone={() => setChosen([])} />
      )}
      <ListTable
        path="/web/official/followers"
        label={t('followers')}
        fixed={{ originalId }}
        filters={filters}
        columns={useColumns(originalId)}
        rowKey={row => row.openid}
        onOpen={row => open(row.openid)}
        selection={{
          selectedRowKeys: chosen,
          preserveSelectedRowKeys: true,
          onChange: keys => setChosen(keys.map(String)),
          getCheckboxProps: row => ({ 'aria-label': nameOf(row) }) as object,
        }}
        empty={<EmptyState title={t('noFollowers')} hint={t('noFollowersHint')} />}
      />
    </>
  )
}

export function nameOf(row: Pick<Follower, 'nickname' | 'remark' | 'openid'>): string {
  return row.remark || row.nickname || row.openid
}

export function useTags(originalId: string) {
  return useRead('/web/official/follower-tags', { originalId }).data?.list ?? []
}

function useColumns(originalId: string): Column<Follower>[] {
  const t = useText('official-followers')
  const sceneName = useSceneName()
  const tags = useTags(originalId)
  return [
    {
      key: 'name',
      title: t('follower'),
      render: row => (
        <span className="oa-follower">
          {row.avatar ? <img src={row.avatar} alt="" /> : null}
          <OpenLink id={row.openid}>{nameOf(row)}</OpenLink>
          {row.isBlocked ? <Tag>{t('blocked')}</Tag> : null}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('state'),
      render: row => (
        <State kind={row.subscribed ? 'good' : 'idle'}>{t(row.subscribed ? 'following' : 'left')}</State>
      ),
    },
    {
      key: 'tags',
      title: t('tags'),
      render: row => row.tagIds.map(id => <Tag key={id}>{tags.find(tag => tag.id === id)?.name ?? id}</Tag>),
    },
    {
      key: 'member',
      title: t('member'),
      render: row => row.member?.name ?? (row.isLinked ? t('linked') : '—'),
    },
    {
      key: 'scene',
      title: t('scene'),
      wideOnly: true,
      render: row => (
        <>
          {sceneName(row.scene)}
          {row.qrScene ? <span className="wisp-quiet"> {row.qrScene}</span> : null}
        </>
      ),
    },
    {
      key: 'since',
      title: t('since'),
      render: row => (row.subscribedAt ? <Time at={row.subscribedAt} /> : '—'),
    },
  ]
}

function FollowerFilters({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-followers')
  const sceneName = useSceneName()
  const scenes = useRead('/web/official/follower-scenes', { originalId }).data?.list ?? []
  const yesNo = (yes: string, no: string) => [
    { value: '1', label: yes },
    { value: '0', label: no },
  ]
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('search')} />
      <UrlSelect
        name="subscribed"
        label={t('state')}
        options={yesNo(t('following'), t('left'))}
        width={120}
      />
      <UrlSelect
        name="tagId"
        label={t('tag')}
        options={useTags(originalId).map(tag => ({ value: String(tag.id), label: tag.name }))}
      />
      <UrlSelect
        name="scene"
        label={t('scene')}
        options={scenes.map(scene => ({ value: scene, label: sceneName(scene) }))}
      />
      <UrlSelect name="linked" label={t('member')} options={yesNo(t('linked'), t('unlinked'))} width={120} />
      <UrlSelect
        name="blocked"
        label={t('blackList')}
        options={yesNo(t('blocked'), t('notBlocked'))}
        width={130}
      />
    </Filters>
  )
}

/** What can be done with all that are chosen. */
function Bulk(props: { originalId: string; chosen: string[]; onDone(): void }): ReactNode {
  const t = useText('official-followers')
  const { originalId, chosen } = props
  const [tagId, setTagId] = useState<number>()
  const tags = useTags(originalId)
  const refresh = ['/web/official/follower']
  const put = useAct('/web/official/follower-tag/put', { refresh, done: t('done') })
  const block = useAct('/web/official/follower/block', {
    refresh,
    done: t('done'),
    confirm: () => ({ title: t('block'), content: t('blockText', { n: chosen.length }), danger: true }),
  })
  const tag = async (isOn: '0' | '1') => {
    if (tagId === undefined) return
    if (await put.run({ originalId, tagId, openids: chosen, isOn })) props.onDone()
  }
  const blockAll = async () => {
    if (await block.run({ originalId, openids: chosen, isOn: '1' })) props.onDone()
  }
  if (chosen.length === 0) return null
  return (
    <div className="wisp-filters" style={{ alignItems: 'center' }}>
      <Select
        aria-label={t('tag')}
        placeholder={t('chooseTag')}
        style={{ width: 150 }}
        value={tagId ?? null}
        options={tags.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={id => setTagId(id ?? undefined)}
      />
      <Button disabled={tagId === undefined} loading={put.isRunning} onClick={() => void tag('1')}>
        {t('putTag')}
      </Button>
      <Button disabled={tagId === undefined} loading={put.isRunning} onClick={() => void tag('0')}>
        {t('takeTag')}
      </Button>
      <Button danger loading={block.isRunning} onClick={() => void blockAll()}>
        {t('block')}
      </Button>
      <span>{t('chosen', { n: chosen.length })}</span>
    </div>
  )
}
