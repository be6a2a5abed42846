import { DownOutlined } from '@ant-design/icons'
import { Alert, Dropdown, Button as Press, Space, Tabs } from 'antd'
import { type ReactNode, useState } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { type Account, AccountPage } from '../use-account.tsx'
import { MenuClicks } from './clicks.tsx'
import { MenuEditor } from './editor.tsx'
import { MenuTrial } from './trial.tsx'
import { MenuVersions } from './versions.tsx'
import './menu.css'

export function Page(): ReactNode {
  const t = useText('official-menu')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="menu">
      {account => <AccountMenu account={account} />}
    </AccountPage>
  )
}

function AccountMenu({ account }: { account: Account }): ReactNode {
  const t = useText('official-menu')
  const [values, set] = useUrlState()
  const [isDirty, setDirty] = useState(false)
  const { originalId } = account
  const read = useRead('/web/official/menu', { originalId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const stored = read.data
  return (
    <>
      <div className="oa-menu-head">
        <Published stored={stored} />
        <Acts account={account} isDirty={isDirty} isEmpty={stored.n === 0} />
      </div>
      {stored.failure ? (
        <Alert
          type="warning"
          showIcon
          title={t('failed', { why: stored.failure })}
          style={{ marginBottom: 16 }}
        />
      ) : null}
      <Tabs
        activeKey={values['tab'] ?? 'edit'}
        onChange={tab => set({ tab: tab === 'edit' ? undefined : tab, open: undefined })}
        items={[
          {
            key: 'edit',
            label: t('edit'),
            children: <MenuEditor key={stored.n} account={account} stored={stored} onDirty={setDirty} />,
          },
          { key: 'try', label: t('try'), children: <MenuTrial account={account} /> },
          {
            key: 'versions',
            label: t('versions'),
            children: <MenuVersions account={account} stored={stored} />,
          },
          {
            key: 'clicks',
            label: t('clicks'),
            children: <MenuClicks account={account} menu={stored.menu} />,
          },
        ]}
      />
    </>
  )
}

function Published({ stored }: { stored: Answer<'/web/official/menu'> }): ReactNode {
  const t = useText('official-menu')
  const { n, publishedN } = stored
  if (publishedN === null) return <State kind="idle">{t('stateNone')}</State>
  if (publishedN === n) return <State kind="good">{t('statePublished', { n })}</State>
  return <State kind="warn">{t('stateNewer', { n: publishedN, m: n })}</State>
}

function Acts(props: { account: Account; isDirty: boolean; isEmpty: boolean }): ReactNode {
  const t = useText('official-menu')
  const { originalId } = props.account
  const refresh = ['/web/official/menu']
  const publish = useAct('/web/official/menu/publish', {
    refresh,
    done: ({ n }) => t('published', { n }),
    confirm: () => ({ title: t('publishAsk'), content: t('publishWhat'), okText: t('publish') }),
  })
  const pull = useAct('/web/official/menu/pull', {
    refresh,
    done: ({ n }) => (n === null ? t('pulledNone') : t('pulled', { n })),
  })
  const withdraw = useAct('/web/official/menu/withdraw', {
    refresh,
    done: t('withdrawn'),
    confirm: () => ({
      title: t('withdrawAsk'),
      content: t('withdrawWhat'),
      okText: t('withdraw'),
      danger: true,
    }),
  })
  return (
    <Space wrap>
      <Dropdown
        menu={{
          items: [
            {
              key: 'pull',
              label: t('pull'),
              disabled: props.isDirty,
              onClick: () => void pull.run({ originalId }),
            },
            {
              key: 'withdraw',
              label: t('withdraw'),
              danger: true,
              onClick: () => void withdraw.run({ originalId }),
            },
          ],
        }}
      >
        <Press loading={pull.isRunning || withdraw.isRunning} icon={<DownOutlined />} iconPlacement="end">
          {t('more')}
        </Press>
      </Dropdown>
      <Press
        type="primary"
        loading={publish.isRunning}
        disabled={props.isDirty || props.isEmpty}
        title={props.isDirty ? t('saveFirst') : undefined}
        onClick={() => void publish.run({ originalId })}
      >
        {t('publish')}
      </Press>
    </Space>
  )
}
