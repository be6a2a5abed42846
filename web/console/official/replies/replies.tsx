import { Button, Tabs } from 'antd'
import type { ReactNode } from 'react'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useText } from '../../../ui/text.ts'
import { type Account, AccountPage } from '../use-account.tsx'
import { FlowList } from './flow-list.tsx'
import { ImportDrawer } from './import-drawer.tsx'
import { RuleList } from './rule-list.tsx'
import { Simulator } from './simulator.tsx'
import './replies.css'

/** Automatic replies of an official account. */
export function Page(): ReactNode {
  const t = useText('official-replies')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="reply" actions={() => <ImportButton />}>
      {account => <Replies account={account} />}
    </AccountPage>
  )
}

function ImportButton(): ReactNode {
  const t = useText('official-replies')
  const { open } = useOpen('import')
  return <Button onClick={() => open(1)}>{t('import')}</Button>
}

function Replies({ account }: { account: Account }): ReactNode {
  const t = useText('official-replies')
  const [values, set] = useUrlState()
  const tab = values['tab'] === 'flows' ? 'flows' : 'rules'
  return (
    <div className="replies-page">
      <div className="replies-main">
        <Tabs
          activeKey={tab}
          onChange={next => set({ tab: next === 'rules' ? undefined : next })}
          items={[
            { key: 'rules', label: t('rules'), children: <RuleList account={account} /> },
            { key: 'flows', label: t('flows'), children: <FlowList account={account} /> },
          ]}
          destroyOnHidden
        />
      </div>
      <Simulator account={account} />
      <ImportDrawer account={account} />
    </div>
  )
}
