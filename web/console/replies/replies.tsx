import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { FlowList } from './flow-list.tsx'
import { useRepliesText } from './owner.tsx'
import { RuleList } from './rule-list.tsx'
import { Simulator } from './simulator.tsx'
import './replies.css'

/** Automatic replies of whom `RepliesOf` names: rules, flows, and a chat to try them. */
export function Replies(): ReactNode {
  const t = useRepliesText()
  const [values, set] = useUrlState()
  const tab = values['tab'] === 'flows' ? 'flows' : 'rules'
  return (
    <div className="replies-page">
      <div className="replies-main">
        <Tabs
          activeKey={tab}
          onChange={next => set({ tab: next === 'rules' ? undefined : next })}
          items={[
            { key: 'rules', label: t('rules'), children: <RuleList /> },
            { key: 'flows', label: t('flows'), children: <FlowList /> },
          ]}
          destroyOnHidden
        />
      </div>
      <Simulator />
    </div>
  )
}
