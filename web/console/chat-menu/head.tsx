import { DownOutlined } from '@ant-design/icons'
import { Dropdown, Button as Press, Space } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { State } from '../../ui/values/state.tsx'
import { refreshMenus, useMenuOwner, useMenuText } from './owner.tsx'

/** What the vendor shows, and what may be done about it. */
export function MenuHead(props: { n: number; publishedN: number | null; isDirty: boolean }): ReactNode {
  return (
    <div className="oa-menu-head">
      <Published {...props} />
      <Acts isDirty={props.isDirty} isEmpty={props.n === 0} />
    </div>
  )
}

function Published({ n, publishedN }: { n: number; publishedN: number | null }): ReactNode {
  const t = useMenuText()
  if (publishedN === null) return <State kind="idle">{t('stateNone')}</State>
  if (publishedN === n) return <State kind="good">{t('statePublished', { n })}</State>
  return <State kind="warn">{t('stateNewer', { n: publishedN, m: n })}</State>
}

function Acts(props: { isDirty: boolean; isEmpty: boolean }): ReactNode {
  const t = useMenuText()
  const { calls, input } = useMenuOwner()
  const publish = useAct(calls.publish, {
    refresh: refreshMenus,
    done: ({ n }) => t('published', { n }),
    confirm: () => ({ title: t('publishAsk'), content: t('publishWhat'), okText: t('publish') }),
  })
  const pull = useAct(calls.pull, {
    refresh: refreshMenus,
    done: ({ n }) => (n === null ? t('pulledNone') : t('pulled', { n })),
  })
  const withdraw = useAct(calls.withdraw, {
    refresh: refreshMenus,
    done: t('withdrawn'),
    confirm: () => ({
      title: t('withdrawAsk'),
      content: t('withdrawWhat'),
      okText: t('withdraw'),
      danger: true,
    }),
  })
  const items = [
    { key: 'pull', label: t('pull'), disabled: props.isDirty, onClick: () => void pull.run(input) },
    { key: 'withdraw', label: t('withdraw'), danger: true, onClick: () => void withdraw.run(input) },
  ]
  return (
    <Space wrap>
      <Dropdown menu={{ items }}>
        <Press loading={pull.isRunning || withdraw.isRunning} icon={<DownOutlined />} iconPlacement="end">
          {t('more')}
        </Press>
      </Dropdown>
      <Press
        type="primary"
        loading={publish.isRunning}
        disabled={props.isDirty || props.isEmpty}
        title={props.isDirty ? t('saveFirst') : undefined}
        onClick={() => void publish.run(input)}
      >
        {t('publish')}
      </Press>
    </Space>
  )
}
