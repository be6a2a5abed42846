import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import {
  Filters,
  type ListQuestion,
  ListTable,
  UrlSearch,
  UrlSelect,
  UrlSelectMany,
  useList,
} from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { MemberPicker } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { AppNumbers, useAppNumbers } from './app-numbers.tsx'
import { useTodoColumns } from './columns.tsx'
import { SourceFilter } from './sources/source-filter.tsx'
import './todos.css'

const path = '/web/console/todos'
const question = {
  filters: ['words', 'app', 'source', 'person', 'kind', 'state'],
  defaultSort: '-createdAt',
} as const satisfies ListQuestion<typeof path>

/** Everybody's to-dos in all apps. */
export function Page(): ReactNode {
  const t = useText('todo-console')
  return (
    <>
      <PageTitle
        title={t('todo')}
        hint={t('listHint')}
        actions={<ExportLink path="/web/console/todos/export" filters={question.filters} />}
      />
      <AppNumbers />
      <TodoFilters />
      <NotWhole />
      <ListTable
        label={t('listLabel')}
        path={path}
        columns={useTodoColumns()}
        rowKey={row => row.id}
        {...question}
        every={30_000}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
    </>
  )
}

function TodoFilters(): ReactNode {
  const t = useText('todo-console')
  const apps = useAppNumbers()
  const options = (names: readonly ('todo' | 'read' | 'open' | 'overdue' | 'done' | 'withdrawn')[]) =>
    names.map(value => ({ value, label: t(value) }))
  return (
    <Filters>
      <UrlSearch name="words" placeholder={t('search')} />
      <UrlSelect
        name="app"
        label={t('app')}
        width={180}
        options={(apps.data?.list ?? []).map(one => ({ value: one.appId, label: one.appName }))}
      />
      <SourceFilter />
      <Person />
      <UrlSelect name="kind" label={t('kind')} width={110} options={options(['todo', 'read'])} />
      <UrlSelectMany
        name="state"
        label={t('state')}
        width={120}
        options={options(['open', 'overdue', 'done', 'withdrawn'])}
      />
    </Filters>
  )
}

function Person(): ReactNode {
  const t = useText('todo-console')
  const [values, set] = useUrlState()
  const { person = '' } = values
  const { read } = useList(path, question)
  return (
    <div className="todos-person">
      <MemberPicker
        single
        label={t('person')}
        placeholder={t('person')}
        value={person ? [{ userId: person, name: read.data?.person || person }] : []}
        onChange={picked => set({ person: picked[0]?.userId, pageNo: undefined })}
      />
    </div>
  )
}

/** The list's answer says whether the filter covered all of them. */
function NotWhole(): ReactNode {
  const t = useText('todo-console')
  const { read } = useList(path, question)
  if (read.data?.isWhole !== false) return null
  return <Alert type="info" showIcon title={t('notWhole')} className="todos-note" />
}
