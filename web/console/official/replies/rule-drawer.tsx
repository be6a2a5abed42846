import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import type { Account } from '../use-account.tsx'
import { RuleForm } from './rule-form.tsx'
import type { FlowChoice, Rule } from './words.ts'

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
}

/** The rule that the address names, or a new one. */
export function RuleDrawer(props: {
  account: Account
  flows: readonly FlowChoice[]
  onlyOne: string
}): ReactNode {
  const t = useText('official-replies')
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

function Existing(props: {
  account: Account
  flows: readonly FlowChoice[]
  onlyOne: string
  id: number
}): ReactNode {
  const { originalId } = props.account
  const read = useRead('/web/official/replies/rule', { originalId, id: props.id })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  // A cached answer may be older than the rule, and a form filled from it would be refused on saving.
  if (!read.data || !read.isFetchedAfterMount) return <Loading />
  const { id, version, ...rule } = read.data
  return (
    <RuleForm
      {...props}
      rule={rule}
      saved={{ id, version }}
      remove={<RemoveRule originalId={originalId} id={id} name={rule.name} />}
    />
  )
}

function RemoveRule(props: { originalId: string; id: number; name: string }): ReactNode {
  const t = useText('official-replies')
  const { close } = useOpen('rule')
  const act = useAct('/web/official/replies/rules/remove', {
    done: t('removed'),
    refresh: ['/web/official/replies'],
    confirm: () => ({ title: t('removeRuleTitle', { name: props.name }), okText: t('remove'), danger: true }),
  })
  const remove = async () => {
    if (await act.run({ originalId: props.originalId, id: props.id })) close()
  }
  return (
    <Button danger loading={act.isRunning} onClick={() => void remove()}>
      {t('remove')}
    </Button>
  )
}
