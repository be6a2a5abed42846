import type { ReactNode } from 'react'
import { FlowList } from './flow-list.tsx'
import { useRepliesText } from './owner.tsx'
import { RuleList } from './rule-list.tsx'
import { Simulator } from './simulator.tsx'
import './replies.css'
import { Parts } from '../../ui/objects/parts.tsx'

/** Automatic replies of whom `RepliesOf` names: rules, flows, and a chat to try them. */
export function Replies(): ReactNode {
  const t = useRepliesText()
  return (
    <div className="replies-page">
      <div className="replies-main">
        <Parts
          parts={[
            { key: 'rules', title: t('rules'), children: <RuleList /> },
            { key: 'flows', title: t('flows'), children: <FlowList /> },
          ]}
        />
      </div>
      <Simulator />
    </div>
  )
}
