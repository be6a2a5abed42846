import type { ReactNode } from 'react'
import type { Answer, Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSelectMany } from '../../ui/list-table.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { entityKeys, isOpen } from './run-words.ts'
import './sync.css'

type Key = Parameters<Translator<'sync'>>[0]

const changes = {
  add: { key: 'changeAdd', kind: 'good' },
  change: { key: 'changeChange', kind: 'warn' },
  drop: { key: 'changeDrop', kind: 'bad' },
} as const

const keptAtMost = 5000

/** The differences between the mirror and WeCom, by field. */
export function DriftTable(props: { run: Answer<'/web/sync/run'>; every?: number | undefined }): ReactNode {
  const t = useText('sync')
  const columns: Column<Row<'/web/sync/drift'>>[] = [
    {
      key: 'entity',
      title: t('entity'),
      render: row => (
        <>
          {row.name} <span className="wisp-quiet">{row.entityId === row.name ? '' : row.entityId}</span>
        </>
      ),
    },
    { key: 'kind', title: t('kind'), render: row => t(entityKeys[row.kind]) },
    {
      key: 'change',
      title: t('change'),
      render: row => <State kind={changes[row.change].kind}>{t(changes[row.change].key)}</State>,
    },
    { key: 'fields', title: t('fields'), render: row => <Fields row={row} /> },
  ]
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('driftHint')}
        {props.run.differencesKept >= keptAtMost ? ` ${t('driftKept', { n: keptAtMost })}` : ''}
      </p>
      <Filters>
        <UrlSelectMany
          name="kind"
          label={t('kind')}
          options={(['member', 'department', 'tag'] as const).map(value => ({
            value,
            label: t(entityKeys[value]),
          }))}
        />
        <UrlSelectMany
          name="change"
          label={t('change')}
          options={(['add', 'change', 'drop'] as const).map(value => ({
            value,
            label: t(changes[value].key),
          }))}
        />
      </Filters>
      <ListTable
        label={t('drift')}
        path="/web/sync/drift"
        columns={columns}
        rowKey={row => row.n}
        filters={['kind', 'change']}
        fixed={{ id: props.run.id }}
        empty={
          props.run.state === 'done' ? (
            <EmptyState title={t('driftNone')} hint={t('driftNoneHint')} />
          ) : (
            <EmptyState
              title={t('driftUnknown')}
              hint={t(isOpen(props.run) ? 'driftUnknownOpenHint' : 'driftUnknownHint')}
            />
          )
        }
        {...(props.every ? { every: props.every } : {})}
      />
    </>
  )
}

const fieldKeys: Record<string, Key> = {
  name: 'fieldName',
  alias: 'fieldAlias',
  mobile: 'fieldMobile',
  email: 'fieldEmail',
  sex: 'fieldSex',
  avatar: 'fieldAvatar',
  address: 'fieldAddress',
  position: 'fieldPosition',
  status: 'fieldStatus',
  mainDepartment: 'fieldMainDepartment',
  departments: 'fieldDepartments',
  orders: 'fieldOrders',
  leaderIn: 'fieldLeaderIn',
  directLeaders: 'fieldDirectLeaders',
  attributes: 'fieldAttributes',
  parentId: 'fieldParentId',
  sortNo: 'fieldSortNo',
  leaders: 'fieldLeaders',
  userKeys: 'fieldUserKeys',
}

function Fields(props: { row: Row<'/web/sync/drift'> }): ReactNode {
  const t = useText('sync')
  const { row } = props
  if (row.fields.length === 0) return '—'
  return (
    <div className="sync-fields">
      {row.fields.map(({ field, mirror, wecom }) => {
        const key = row.kind === 'member' || field !== 'name' ? fieldKeys[field] : 'fieldDepartmentName'
        return (
          <div key={field}>
            <span className="wisp-quiet">{key ? t(key) : field}：</span>
            <del>{valueText(mirror, t('emptyValue'))}</del> → <ins>{valueText(wecom, t('emptyValue'))}</ins>
          </div>
        )
      })}
    </div>
  )
}

/** An extended attribute, or an id or a number. */
function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return String(part)
  const { name, value, url } = part as { name?: string; value?: string; url?: string }
  return `${name ?? ''} ${value ?? ''} ${url ?? ''}`.trim()
}

function valueText(value: unknown, empty: string): string {
  if (value === null || value === undefined || value === '') return empty
  if (Array.isArray(value)) return value.map(partText).join('、') || empty
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
