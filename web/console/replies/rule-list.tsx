import { WarningOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelectMany, useList } from '../../ui/list-table.tsx'
import { State } from '../../ui/values/state.tsx'
import { type MessageType, useOwner, useRepliesText } from './owner.tsx'
import { RuleDrawer } from './rule-drawer.tsx'
import { type RuleRow, textOf } from './words.ts'

/** The rules of an owner, in the order in which they are asked. */
export function RuleList(): ReactNode {
  const t = useRepliesText()
  const { open } = useOpen('rule')
  const { calls, input: fixed, kinds } = useOwner()
  const path = calls.rules
  const filters = ['search', 'kind'] as const
  const { data } = useList(path, { fixed, filters }).read
  const columns = useColumns()
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('addRule')}
    </Button>
  )
  return (
    <>
      <Filters>
        <UrlSearch name="search" placeholder={t('search')} width={220} />
        <UrlSelectMany
          name="kind"
          label={t('kind')}
          options={kinds.map(value => ({ value, label: t(`kind:${value}`) }))}
        />
        {add}
      </Filters>
      {data && data.conflicts > 0 ? (
        <p className="replies-conflict" role="status">
          <WarningOutlined /> {t('conflicts', { n: data.conflicts })}
        </p>
      ) : null}
      <ListTable
        label={t('rules')}
        path={path}
        fixed={fixed}
        filters={filters}
        columns={columns as never}
        rowKey={rule => rule.id}
        onOpen={rule => open(rule.id)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <RuleDrawer flows={data?.flows ?? []} onlyOne={data?.onlyOne ?? ''} />
    </>
  )
}

function useColumns(): Column<RuleRow>[] {
  const t = useRepliesText()
  const { open } = useOpen('rule')
  return [
    {
      key: 'name',
      title: t('name'),
      render: rule => (
        <>
          <Button type="link" className="replies-name" onClick={() => open(rule.id)}>
            {rule.name}
          </Button>
          {rule.conflicts.length > 0 ? (
            <Tooltip title={rule.conflicts.join('\n')} classNames={{ root: 'replies-tip' }}>
              <WarningOutlined tabIndex={0} className="replies-over" aria-label={rule.conflicts.join('；')} />
            </Tooltip>
          ) : null}
        </>
      ),
    },
    { key: 'when', title: t('when'), render: rule => <When rule={rule} /> },
    { key: 'contents', title: t('contents'), render: rule => <Said rule={rule} /> },
    { key: 'priority', title: t('priority'), align: 'right', wideOnly: true, render: rule => rule.priority },
    {
      key: 'enabled',
      title: t('state'),
      render: rule => (
        <State kind={rule.enabled ? 'good' : 'idle'}>{t(rule.enabled ? 'enabled' : 'disabled')}</State>
      ),
    },
  ]
}

function When({ rule }: { rule: RuleRow }): ReactNode {
  const t = useRepliesText()
  const { kind, match, words, hours } = rule
  const shown = words.map(word => (kind === 'type' ? t(`type:${word as MessageType}`) : word))
  return (
    <div className="replies-cut">
      {kind === 'keyword' ? t(`match:${match}`) : t(`kind:${kind}`)}
      {shown.length > 0 ? `：${shown.join('、')}` : ''}
      {hours ? <div className="wisp-quiet">{`${hours.from}–${hours.to}`}</div> : null}
    </div>
  )
}

function Said({ rule }: { rule: RuleRow }): ReactNode {
  const t = useRepliesText()
  const parts = rule.contents.map(one => textOf(one) ?? t(`content:${one.type}`))
  if (rule.flowId !== null) parts.push(t('thenFlow'))
  return <div className="replies-cut">{parts.join(' / ')}</div>
}
