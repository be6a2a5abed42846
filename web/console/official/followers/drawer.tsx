import { Button, Descriptions, Input, Space, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlDrawer } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { Account } from '../use-account.tsx'
import { nameOf, useTags } from './list.tsx'
import { useSceneName } from './scene.ts'

/** Opened by `?open=<openid>`. */
export function FollowerDrawer({ account }: { account: Account }): ReactNode {
  const t = useText('official-followers')
  return (
    <UrlDrawer title={t('follower')}>
      {openid => <Follower originalId={account.originalId} openid={openid} />}
    </UrlDrawer>
  )
}

type Detail = Answer<'/web/official/follower'>

function Follower(props: { originalId: string; openid: string }): ReactNode {
  const { data, error, refetch } = useRead('/web/official/follower', props)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Facts {...data} originalId={props.originalId} />
      <Remark key={data.follower.remark} {...props} remark={data.follower.remark} />
      <Block {...props} isBlocked={data.follower.isBlocked} />
    </div>
  )
}

function Facts({ follower, window, originalId }: Detail & { originalId: string }): ReactNode {
  const t = useText('official-followers')
  const sceneName = useSceneName()
  const tags = useTags(originalId)
  const at = (when: string | null) => (when ? <Time at={when} /> : '—')
  const items = [
    {
      label: t('state'),
      children: (
        <State kind={follower.subscribed ? 'good' : 'idle'}>
          {t(follower.subscribed ? 'following' : 'left')}
        </State>
      ),
    },
    { label: t('nickname'), children: follower.nickname || t('nicknameUnknown') },
    { label: t('remark'), children: follower.remark || '—' },
    {
      label: t('member'),
      children: follower.member
        ? `${follower.member.name} (${follower.member.userId})`
        : t(follower.isLinked ? 'linked' : 'unlinked'),
    },
    ...(follower.linkedAt ? [{ label: t('linkedAt'), children: at(follower.linkedAt) }] : []),
    {
      label: t('tags'),
      children:
        follower.tagIds.length === 0
          ? '—'
          : follower.tagIds.map(id => <Tag key={id}>{tags.find(tag => tag.id === id)?.name ?? id}</Tag>),
    },
    { label: t('scene'), children: sceneName(follower.scene) },
    ...(follower.qrScene ? [{ label: t('qrScene'), children: follower.qrScene }] : []),
    { label: t('since'), children: at(follower.subscribedAt) },
    ...(follower.unsubscribedAt ? [{ label: t('leftAt'), children: at(follower.unsubscribedAt) }] : []),
    {
      label: t('window'),
      children: window.until ? (
        <>
          {t('windowLeft', { n: window.messages })} <Time at={window.until} />
        </>
      ) : (
        t('windowClosed')
      ),
    },
    { label: 'openid', children: <CopyId value={follower.openid} /> },
    ...(follower.unionid ? [{ label: 'unionid', children: <CopyId value={follower.unionid} /> }] : []),
    { label: t('readAt'), children: at(follower.readAt) },
  ]
  return (
    <>
      <div className="oa-follower" style={{ fontSize: 18, fontWeight: 600 }}>
        {follower.avatar ? <img src={follower.avatar} alt="" /> : null}
        <span style={{ overflowWrap: 'anywhere' }}>{nameOf(follower)}</span>
      </div>
      <Descriptions
        column={1}
        size="small"
        items={items.map((item, key) => ({ key: String(key), ...item }))}
      />
    </>
  )
}

function Remark(props: { originalId: string; openid: string; remark: string }): ReactNode {
  const t = useText('official-followers')
  const [remark, setRemark] = useState(props.remark)
  const save = useAct('/web/official/follower/remark', {
    refresh: ['/web/official/follower'],
    done: t('done'),
  })
  const { originalId, openid } = props
  return (
    <Space.Compact block>
      <Input
        aria-label={t('remark')}
        placeholder={t('remarkHint')}
        maxLength={30}
        value={remark}
        onChange={event => setRemark(event.target.value)}
      />
      <Button
        loading={save.isRunning}
        disabled={remark.trim() === props.remark}
        onClick={() => void save.run({ originalId, openid, remark })}
      >
        {t('saveRemark')}
      </Button>
    </Space.Compact>
  )
}

function Block(props: { originalId: string; openid: string; isBlocked: boolean }): ReactNode {
  const t = useText('official-followers')
  const { originalId, openid, isBlocked } = props
  const block = useAct('/web/official/follower/block', {
    refresh: ['/web/official/follower'],
    done: t('done'),
    confirm: ({ isOn }) =>
      isOn === '1' ? { title: t('block'), content: t('blockText', { n: 1 }), danger: true } : undefined,
  })
  return (
    <div>
      <Button
        danger={!isBlocked}
        loading={block.isRunning}
        onClick={() => void block.run({ originalId, openids: [openid], isOn: isBlocked ? '0' : '1' })}
      >
        {t(isBlocked ? 'unblock' : 'block')}
      </Button>
    </div>
  )
}
