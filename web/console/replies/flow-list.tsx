import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { State } from '../../ui/values/state.tsx'
import { useOwner, useRepliesText } from './owner.tsx'
import type { Flow } from './words.ts'

const FlowForm = later(async () => (await import('./flow-form.tsx')).FlowForm)

const newFlow: Flow = {
  name: '',
  minutes: 30,
  timeoutText: '',
  enabled: true,
  steps: [
    {
      id: 's1',
      contents: [{ type: 'text', content: '' }],
      next: { type: 'wait', branches: [], otherwise: 'end' },
    },
  ],
}

/** The flows of an owner, each with its steps in words. */
export function FlowList(): ReactNode {
  const t = useRepliesText()
  const { id, open } = useOpen('flow')
  const { calls, input } = useOwner()
  const read = useRead(calls.flows, input)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list } = read.data
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('addFlow')}
    </Button>
  )
  return (
    <>
      {list.length === 0 ? (
        <EmptyState title={t('noFlows')} hint={t('noFlowsHint')} action={add} />
      ) : (
        <>
          <div className="wisp-filters">{add}</div>
          <ul className="replies-list" aria-label={t('flows')}>
            {list.map(flow => (
              <li key={flow.id} className="replies-card">
                <FlowSummary flow={flow} onOpen={() => open(flow.id)} />
              </li>
            ))}
          </ul>
        </>
      )}
      <UrlDrawer name="flow" title={t(id === 'new' ? 'addFlow' : 'editFlow')}>
        {one => {
          if (one === 'new') return <FlowForm key="new" flow={newFlow} />
          const flow = list.find(known => String(known.id) === one)
          if (!flow) return <EmptyState />
          const { id: flowId, version, name, steps, minutes, timeoutText, enabled } = flow
          const saved = { id: flowId, version }
          return (
            <FlowForm key={version} flow={{ name, steps, minutes, timeoutText, enabled }} saved={saved} />
          )
        }}
      </UrlDrawer>
    </>
  )
}

function FlowSummary(props: { flow: Row<'/web/official/replies/flows'>; onOpen(): void }): ReactNode {
  const t = useRepliesText()
  const { flow } = props
  return (
    <>
      <div className="replies-card-head">
        <Button type="link" className="replies-name" onClick={props.onOpen}>
          {flow.name}
        </Button>
        <State kind={flow.enabled ? 'good' : 'idle'}>{t(flow.enabled ? 'enabled' : 'disabled')}</State>
      </div>
      <div className="wisp-quiet">
        {t('flowSummary', { steps: flow.steps.length, minutes: flow.minutes })}
        {' · '}
        {flow.begunBy.length > 0 ? t('begunBy', { names: flow.begunBy.join('、') }) : t('begunByNone')}
      </div>
    </>
  )
}
