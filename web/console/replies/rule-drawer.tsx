import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { refreshReplies, useOwner, useRepliesText } from './owner.tsx'
import type { FlowChoice, Rule } from './words.ts'

const RuleForm = later(async () => (await import('./rule-form.tsx')).RuleForm)

const newRule: Rule = {
  name: '',
  kind: 'keyword',
  match: 'exact',
  words: [],
  contents: [{ type: 'text', content: '' }],
  pick: 'all',
  flowId: null,
  priority: 100,
  hours: null,
  enabled: true,
  again: 'day',
}

/** The rule that the address names, or a new one. */
export function RuleDrawer(props: { flows: readonly FlowChoice[]; onlyOne: string }): ReactNode {
  const t = useRepliesText()
  const { id } = useOpen('rule')
  return (
    <UrlDrawer name="rule" title={t(id === 'new' ? 'addRule' : 'editRule')}>
      {one =>
        one === 'new' ? (
          <RuleForm {...props} key="new" rule={newRule} />
        ) : (
          <Existing {...props} key={one} id={Number(one)} />
        )
      }
    </UrlDrawer>
  )
}

function Existing(props: { flows: readonly FlowChoice[]; onlyOne: string; id: number }): ReactNode {
  const { calls, input } = useOwner()
  const read = useRead(calls.rule, { ...input, id: props.id })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  // A cached answer may be older than the rule, and a form filled from it would be refused on saving.
  if (!read.data || !read.isFetchedAfterMount) return <Loading />
  const { id, version, ...rule } = read.data
  return (
    <RuleForm
      {...props}
      rule={rule}
      saved={{ id, version }}
      remove={<RemoveRule id={id} name={rule.name} />}
    />
  )
}

function RemoveRule(props: { id: number; name: string }): ReactNode {
  const t = useRepliesText()
  const { close } = useOpen('rule')
  const { calls, input } = useOwner()
  const act = useAct(calls.removeRule, {
    done: t('removed'),
    refresh: refreshReplies,
    confirm: () => ({ title: t('removeRuleTitle', { name: props.name }), okText: t('remove'), danger: true }),
  })
  const remove = async () => {
    if (await act.run({ ...input, id: props.id })) close()
  }
  return (
    <Button danger loading={act.isRunning} onClick={() => void remove()}>
      {t('remove')}
    </Button>
  )
}
